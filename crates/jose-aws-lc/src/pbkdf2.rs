use avouch_jose::HashAlgorithm;
use aws_lc_rs::pbkdf2;

pub(crate) fn algorithm(hash: HashAlgorithm) -> Option<pbkdf2::Algorithm> {
    match hash {
        HashAlgorithm::Sha256 => Some(pbkdf2::PBKDF2_HMAC_SHA256),
        HashAlgorithm::Sha384 => Some(pbkdf2::PBKDF2_HMAC_SHA384),
        HashAlgorithm::Sha512 => Some(pbkdf2::PBKDF2_HMAC_SHA512),
        _ => None,
    }
}
