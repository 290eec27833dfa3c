use avouch_json::Names;

/// Declares the names in the order in which their values are kept.
macro_rules! names {
    ($($variant:ident = $name:literal,)*) => {
        /// The name of a member that some key has, in JSON as it is written here.
        #[derive(Clone, Copy)]
        pub(super) enum Name {
            $($variant,)*
        }

        /// All of them, each in the place of its value.
        pub(super) static NAMES: Names<{ Name::COUNT }> = Names::new([$($name),*]);

        impl Name {
            pub(super) const ALL: [Self; [$($name,)*].len()] = [$(Self::$variant,)*];

            pub(super) const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

names! {
    Kty = "kty",
    Use = "use",
    KeyOps = "key_ops",
    Alg = "alg",
    Kid = "kid",
    X5u = "x5u",
    X5c = "x5c",
    X5t = "x5t",
    X5tS256 = "x5t#S256",
    Crv = "crv",
    N = "n",
    E = "e",
    X = "x",
    Y = "y",
    Pub = "pub",
    // from here on private
    D = "d",
    P = "p",
    Q = "q",
    Dp = "dp",
    Dq = "dq",
    Qi = "qi",
    Oth = "oth",
    K = "k",
    Priv = "priv",
}

impl Name {
    pub(super) const COUNT: usize = Self::ALL.len();

    /// The names that are private in no key type: they come first.
    pub(super) fn public() -> impl ExactSizeIterator<Item = Self> {
        Self::ALL.into_iter().take(Self::D as usize)
    }
}
