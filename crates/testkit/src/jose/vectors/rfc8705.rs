use avouch_jose::crypto::CryptoProvider;
use avouch_jose::{Jwk, certificate_thumbprint};

use crate::jose::data::{entries, jwk, text, vector_file};
use crate::jose::run::Tally;

/// [RFC 8705](https://www.rfc-editor.org/rfc/rfc8705), appendix A: a certificate, its hash, and its key.
pub fn rfc8705(crypto: &CryptoProvider) -> Tally {
    let mut tally = Tally::default();
    for vector in entries(vector_file!("rfc8705-certificate-thumbprint.json")) {
        let key = jwk(&vector["jwk"]);
        let chain = key.certificates().unwrap();
        assert_eq!(chain.leaf_matches(&key), Ok(true));
        assert_eq!(certificate_thumbprint(chain.leaf(), crypto), text(&vector, "x5t#S256"));
        let confirmation = text(&vector["cnf"], "x5t#S256");
        assert_eq!(chain.leaf_thumbprint(crypto), confirmation);
        assert_eq!(
            key.thumbprint(avouch_jose::HashAlgorithm::Sha256, crypto),
            text(&vector, "jwk_thumbprint")
        );
        let mut other = vector["jwk"].clone();
        (other["x"], other["y"]) = (other["y"].clone(), other["x"].clone());
        let other: Jwk = jwk(&other);
        assert_eq!(chain.leaf_matches(&other), Ok(false), "of another key");
        tally.count(true);
    }
    tally
}
