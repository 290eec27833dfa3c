use avouch_jose::HashAlgorithm;

use crate::data::{jwk, text, vectors};

/// Proves THB-01, THB-02, THB-03, THB-05. RSA, OKP, EC public and private, oct.
#[test]
fn thumbprints() {
    let crypto = avouch_jose_ring::provider();
    let mut checked = 0;
    // one entry shows a URI only
    for vector in vectors("rfc7638-thumbprints.json").iter().filter(|vector| vector["thumbprint"].is_string())
    {
        assert_eq!(text(vector, "hash"), "SHA-256");
        let thumbprint = jwk(&vector["jwk"]).thumbprint(HashAlgorithm::Sha256, &crypto);
        assert_eq!(thumbprint, text(vector, "thumbprint"), "{}", vector["id"]);
        checked += 1;
    }
    assert_eq!(checked, 6);
}
