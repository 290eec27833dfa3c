use avouch_jose::base64url::{DecodeError, decode, encode};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;

/// Proves B64-01. Every character outside the alphabet, wherever it stands, also where blocks are decoded at once.
#[test]
fn alphabet() {
    for length in [4, 400] {
        for at in [0, 1, length / 2, length - 1] {
            for byte in 0..=u8::MAX {
                let mut text = vec![b'A'; length];
                text[at] = byte;
                let good = byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
                // the last character of four is whole
                assert_eq!(decode(&text).is_ok(), good, "{byte:#x} at {at} of {length}");
            }
        }
    }
}

/// Proves B64-01, B64-02, B64-03.
#[test]
fn one_encoding_per_value() {
    assert_eq!(decode("AA"), Ok(vec![0]));
    assert_eq!(decode("AB"), Err(DecodeError::TrailingBits));
    assert_eq!(decode("AAE"), Ok(vec![0, 1]));
    assert_eq!(decode("AAF"), Err(DecodeError::TrailingBits));
    assert_eq!(decode("A"), Err(DecodeError::InvalidLength));
    assert_eq!(decode("AAAAA"), Err(DecodeError::InvalidLength));
    for padded in ["AA==", "AAE=", "AAAA=", "AAAA====", "="] {
        assert!(decode(padded).is_err(), "{padded}");
    }
}

/// Proves B64-04.
#[test]
fn empty() {
    assert_eq!(encode(b""), "");
    assert_eq!(decode(""), Ok(vec![]));
}

proptest! {
    /// Proves B64-05.
    #[test]
    fn round_trip(octets in proptest::collection::vec(any::<u8>(), 0..600)) {
        let text = encode(&octets);
        prop_assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
        prop_assert_eq!(decode(text).unwrap(), octets);
    }

    /// The fast engine refuses and accepts what the plain one does.
    #[test]
    fn agrees_with_the_scalar_engine(text in "[A-Za-z0-9_-]{0,200}[-_A-Za-z0-9=+/ .]{0,3}[A-Za-z0-9_-]{0,200}") {
        prop_assert_eq!(decode(&text).ok(), URL_SAFE_NO_PAD.decode(&text).ok());
    }
}
