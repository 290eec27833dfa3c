use avouch_jose::HashAlgorithm;
use avouch_jose::crypto::CryptoProvider;

use crate::jose::data::{entries, jwk, text, vector_file};
use crate::jose::run::Tally;

/// Thumbprints: [RFC 7638](https://www.rfc-editor.org/rfc/rfc7638) section 3.1,
/// [RFC 8037](https://www.rfc-editor.org/rfc/rfc8037) A.3, keys of other specifications, and as URI
/// [RFC 9278](https://www.rfc-editor.org/rfc/rfc9278) section 6.
pub fn rfc7638(crypto: &CryptoProvider) -> Tally {
    let mut tally = Tally::default();
    for vector in entries(vector_file!("rfc7638-thumbprints.json")) {
        let key = jwk(&vector["jwk"]);
        let thumbprint = key.thumbprint(HashAlgorithm::Sha256, crypto);
        match vector["uri"].as_str() {
            Some(uri) => {
                let ours = key.thumbprint_uri(crypto);
                assert_eq!(ours.to_string(), uri);
                assert_eq!(uri.parse(), Ok(ours));
                assert!(uri.ends_with(&thumbprint));
            }
            None => {
                assert_eq!(text(&vector, "hash"), "SHA-256");
                assert_eq!(thumbprint, text(&vector, "thumbprint"), "{}", vector["id"]);
            }
        }
        tally.count(true);
    }
    tally
}
