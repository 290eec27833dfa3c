use std::sync::OnceLock;

use avouch_jose::crypto::SignatureInvalid;
use aws_lc_rs::signature::ParsedPublicKey;

/// A public key that AWS-LC parses when it first verifies with it: of a set of keys most never do. Whether it is in order
/// was asked when it was prepared, so that a key that cannot be parsed does not come here; one would verify nothing.
#[derive(Default)]
pub(crate) struct ParsedOnce(OnceLock<Option<ParsedPublicKey>>);

impl ParsedOnce {
    pub(crate) fn verify(
        &self,
        input: &[u8],
        signature: &[u8],
        parse: impl FnOnce() -> Option<ParsedPublicKey>,
    ) -> Result<(), SignatureInvalid> {
        let key = self.0.get_or_init(parse).as_ref().ok_or(SignatureInvalid)?;
        key.verify_sig(input, signature).map_err(|_| SignatureInvalid)
    }
}
