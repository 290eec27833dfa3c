use avouch_jose::{JwsAlgorithm, KeyError};
use aws_lc_rs::error::KeyRejected;

pub(crate) const NOT_ENCODED: KeyError = KeyError::Rejected { reason: "it is not encoded as it must be" };

pub(crate) fn unsupported(algorithm: JwsAlgorithm, what: &'static str) -> KeyError {
    KeyError::Unsupported { algorithm: algorithm.into(), what }
}

/// What AWS-LC says of a key, as the error that names the broken rule.
pub(crate) fn rejected(error: &KeyRejected) -> KeyError {
    match error.description_() {
        "InconsistentComponents" => KeyError::PrivateDoesNotMatchPublic,
        "InvalidEncoding" => NOT_ENCODED,
        "WrongAlgorithm" => KeyError::Rejected { reason: "it is for another algorithm" },
        "TooSmall" => KeyError::Rejected { reason: "it is too small" },
        "TooLarge" => KeyError::Rejected { reason: "it is too large" },
        _ => KeyError::Rejected { reason: "one of its components is not valid" },
    }
}
