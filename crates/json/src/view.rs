use std::borrow::Cow;
use std::fmt;

use crate::read::is_object;
use crate::scan::{Listing, Member, Members, prefix, scan};
use crate::{JsonError, Limits, Names, RawValue};

/// The members of one JSON object, found while it was checked, and not read yet.
///
/// For readers that know what they look for: names and values are where they stand in the document, so that up to 32
/// members cost no allocation. Names occur once; all that [`check`](crate::check) holds has been held.
///
/// ```
/// use avouch_json::{Limits, ObjectView};
///
/// let claims = ObjectView::read(br#"{"iss":"https://op.example","aud":["s6BhdRkqt3"],"exp":1311281970}"#, &Limits::default())?;
/// assert_eq!(claims.get("iss").and_then(|iss| iss.as_str()).as_deref(), Some("https://op.example"));
/// assert_eq!(claims.get("exp").and_then(|exp| exp.as_i64()), Some(1_311_281_970));
/// assert!(claims.get("sub").is_none());
/// # Ok::<(), avouch_json::JsonError>(())
/// ```
#[derive(Clone)]
pub struct ObjectView<'a> {
    document: &'a str,
    members: Members,
}

impl<'a> ObjectView<'a> {
    /// Checks a document and finds the members of its outermost object.
    ///
    /// # Errors
    /// What [`check`](crate::check) refuses, and [`JsonError::NotAnObject`] for any other kind of value.
    #[inline]
    pub fn read(document: &'a [u8], limits: &Limits) -> Result<Self, JsonError> {
        let mut view = Self::default();
        view.refill(document, limits)?;
        Ok(view)
    }

    /// Does the same with a document that lists things in one member, as a key set does: gives each element of the list
    /// as the scan passes it. Whoever takes them must throw them away if there is an error in the end.
    ///
    /// ```
    /// use avouch_json::{Limits, ObjectView};
    ///
    /// let mut kids = Vec::new();
    /// let set = br#"{"keys":[{"kty":"RSA","kid":"1"},{"kid":"2"},3]}"#;
    /// ObjectView::read_list(set, &Limits::default(), "keys", &mut |element| {
    ///     let kid = element.members().find(|(name, _)| name == "kid");
    ///     kids.push(kid.and_then(|(_, kid)| kid.as_str()));
    /// })?;
    /// assert_eq!(kids, [Some("1".into()), Some("2".into()), None]);
    /// # Ok::<(), avouch_json::JsonError>(())
    /// ```
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_list(
        document: &'a [u8],
        limits: &Limits,
        member: &str,
        each: &mut dyn FnMut(Element<'a, '_>),
    ) -> Result<Self, JsonError> {
        let mut view = Self::default();
        view.scan(document, limits, Some(Listing { member, each }))?;
        Ok(view)
    }

    /// Does the same as [`read`](Self::read) in the room of a view that is there, which is large to be moved. After an
    /// error, what is in it means nothing.
    ///
    /// ```
    /// use avouch_json::{Limits, ObjectView};
    ///
    /// let mut claims = ObjectView::default();
    /// claims.refill(br#"{"iss":"joe"}"#, &Limits::default())?;
    /// assert!(claims.get("iss").is_some());
    /// claims.refill(br#"{"exp":1300819380}"#, &Limits::default())?;
    /// assert!(claims.get("iss").is_none());
    /// # Ok::<(), avouch_json::JsonError>(())
    /// ```
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn refill(&mut self, document: &'a [u8], limits: &Limits) -> Result<(), JsonError> {
        self.scan(document, limits, None)
    }

    fn scan(
        &mut self,
        document: &'a [u8],
        limits: &Limits,
        listing: Option<Listing<'_, 'a>>,
    ) -> Result<(), JsonError> {
        self.members.clear();
        self.document = scan(document, limits, listing, &mut self.members)?;
        if is_object(self.document) { Ok(()) } else { Err(JsonError::NotAnObject) }
    }

    /// The value of a member; names compare exactly, after unescaping.
    pub fn get(&self, name: &str) -> Option<RawValue<'a>> {
        let prefix = prefix(name.as_bytes());
        let member = self.members.as_slice().iter().find(|member| member.is(self.document, name, prefix))?;
        Some(member.value(self.document))
    }

    /// The values of the members with these names, each in the place of its name: what a reader knows, found in one pass.
    /// The others are [`unselected`](Self::unselected) from now on.
    ///
    /// ```
    /// use avouch_json::{Limits, Names, ObjectView};
    ///
    /// static KNOWN: Names<2> = Names::new(["iss", "exp"]);
    /// let mut claims = ObjectView::read(br#"{"iss":"joe","admin":true}"#, &Limits::default())?;
    /// let [iss, exp] = claims.select(&KNOWN);
    /// assert_eq!(iss.and_then(|iss| iss.as_str()).as_deref(), Some("joe"));
    /// assert!(exp.is_none());
    /// assert_eq!(claims.unselected().map(|(name, _)| name).collect::<Vec<_>>(), ["admin"]);
    /// # Ok::<(), avouch_json::JsonError>(())
    /// ```
    #[inline]
    pub fn select<const N: usize>(&mut self, names: &Names<N>) -> [Option<RawValue<'a>>; N] {
        let mut selected = [None; N];
        for member in self.members.as_mut_slice() {
            let place = member.place(self.document, names);
            if let Some(selected) = place.and_then(|place| selected.get_mut(place)) {
                member.selected = true;
                *selected = Some(member.value(self.document));
            }
        }
        selected
    }

    /// The members that nobody [selected](Self::select), in the order of the document.
    #[inline]
    pub fn unselected(&self) -> impl Iterator<Item = (Cow<'a, str>, RawValue<'a>)> {
        let unselected = self.members.as_slice().iter().filter(|member| !member.selected);
        members(unselected, self.document)
    }

    /// All members in the order of the document. A name is borrowed unless escapes stand in it.
    #[inline]
    pub fn members(&self) -> impl ExactSizeIterator<Item = (Cow<'a, str>, RawValue<'a>)> {
        members(self.members.as_slice().iter(), self.document)
    }
}

#[inline]
fn members<'a, 'm, M: Iterator<Item = &'m Member>>(
    members: M,
    document: &'a str,
) -> std::iter::Map<M, impl FnMut(&'m Member) -> (Cow<'a, str>, RawValue<'a>)> {
    members.map(move |member| (member.name(document), member.value(document)))
}

/// An object without members.
impl Default for ObjectView<'_> {
    #[inline]
    fn default() -> Self {
        Self { document: "{}", members: Members::new() }
    }
}

/// An element of a list, while the scan is at its end: [`ObjectView::read_list`].
///
/// ```
/// use avouch_json::{Element, Limits, ObjectView};
///
/// let mut members = 0;
/// let mut count = |element: Element<'_, '_>| members += element.members().len();
/// ObjectView::read_list(br#"{"keys":[{"kty":"oct","k":"AA"},7]}"#, &Limits::default(), "keys", &mut count)?;
/// assert_eq!(members, 2);
/// # Ok::<(), avouch_json::JsonError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Element<'a, 's> {
    pub(crate) value: RawValue<'a>,
    pub(crate) document: &'a str,
    pub(crate) members: &'s [Member],
}

impl<'a> Element<'a, '_> {
    /// The element itself.
    pub fn value(&self) -> RawValue<'a> {
        self.value
    }

    /// Its members, as [`ObjectView::members`] gives them; of anything but an object none.
    #[inline]
    pub fn members(&self) -> impl ExactSizeIterator<Item = (Cow<'a, str>, RawValue<'a>)> {
        members(self.members.iter(), self.document)
    }

    /// Its members again, each with the place of its name among these, or with the name if it is none of them.
    ///
    /// ```
    /// use avouch_json::{Limits, Names, ObjectView};
    ///
    /// static KNOWN: Names<2> = Names::new(["kty", "k"]);
    /// let mut places = Vec::new();
    /// let set = br#"{"keys":[{"\u006b":"AA","x":1}]}"#;
    /// ObjectView::read_list(set, &Limits::default(), "keys", &mut |key| {
    ///     places.extend(key.places(&KNOWN).map(|(place, _)| place));
    /// })?;
    /// assert_eq!(places, [Ok(1), Err("x".into())]);
    /// # Ok::<(), avouch_json::JsonError>(())
    /// ```
    #[inline]
    pub fn places<const N: usize>(
        &self,
        names: &Names<N>,
    ) -> impl Iterator<Item = (Result<usize, Cow<'a, str>>, RawValue<'a>)> {
        let document = self.document;
        self.members.iter().map(move |member| {
            let place = member.place(document, names).ok_or_else(|| member.name(document));
            (place, member.value(document))
        })
    }
}

impl fmt::Debug for Element<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

/// The names alone: values may be personal or secret.
impl fmt::Debug for ObjectView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.members().map(|(name, _)| name)).finish()
    }
}
