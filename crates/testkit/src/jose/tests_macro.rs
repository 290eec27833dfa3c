/// Makes a `#[test]` of every check of the [kit](crate::jose), for the backend that the expression gives: an expression of
/// type [`CryptoProvider`](avouch_jose::crypto::CryptoProvider), evaluated in each test.
///
/// ```
/// avouch_testkit::jose_backend_tests!(avouch_jose_ring::provider());
/// ```
///
/// In a file of tests of its own, the whole account of the vectors is worth another test: what ran, and what the backend
/// lacks.
///
/// ```
/// use avouch_testkit::jose::{Tally, vectors};
///
/// let crypto = avouch_jose_ring::provider();
/// let account: Vec<(&str, Tally)> = vectors::ALL.iter().map(|(name, check)| (*name, check(&crypto))).collect();
/// assert!(account.contains(&("rfc9964", Tally { ran: 0, lacking: 3 })));
/// ```
#[macro_export]
macro_rules! jose_backend_tests {
    ($provider:expr) => {
        /// Proves JSN-10, JSN-11, JWS-03, JWS-10, JWS-11, JWS-18, JWS-26, JWS-27, ALG-19, BCP-01, JWT-01, CRT-01.
        #[test]
        fn rfc7515() {
            $crate::jose::vectors::rfc7515(&$provider);
        }

        /// Proves ENC-18.
        #[test]
        fn rfc7516() {
            $crate::jose::vectors::rfc7516(&$provider);
        }

        /// Proves JWK-22, JWK-04, JWK-21, JWK-27, B64-06, ENC-20.
        #[test]
        fn rfc7517() {
            $crate::jose::vectors::rfc7517(&$provider);
        }

        /// Proves ENC-11, ENC-12.
        #[test]
        fn rfc7518_cbc_hmac() {
            $crate::jose::vectors::rfc7518_cbc_hmac(&$provider);
        }

        /// Proves ENC-05, ENC-07, ENC-08, ENC-09.
        #[test]
        fn rfc7518_concat_kdf() {
            $crate::jose::vectors::rfc7518_concat_kdf(&$provider);
        }

        /// Proves JWT-02, JWT-06, JWT-31.
        #[test]
        fn rfc7519() {
            $crate::jose::vectors::rfc7519(&$provider);
        }

        /// Proves JWK-01.
        #[test]
        fn rfc7520_keys() {
            $crate::jose::vectors::rfc7520_keys(&$provider);
        }

        /// Proves JWS-02, JWS-04, JWS-18, JWS-20, JWS-23, JWS-24.
        #[test]
        fn rfc7520_signatures() {
            $crate::jose::vectors::rfc7520_signatures(&$provider);
        }

        /// Proves JWE-10, JWE-28, JWE-30, JWE-31, ENC-17.
        #[test]
        fn rfc7520_encryption() {
            $crate::jose::vectors::rfc7520_encryption(&$provider);
        }

        /// Proves JWT-10.
        #[test]
        fn rfc7520_nesting() {
            $crate::jose::vectors::rfc7520_nesting(&$provider);
        }

        /// Proves THB-01, THB-02, THB-03, THB-05, THB-09.
        #[test]
        fn rfc7638() {
            $crate::jose::vectors::rfc7638(&$provider);
        }

        /// Proves UNP-02, UNP-03, UNP-04, UNP-07, UNP-10, CRT-07.
        #[test]
        fn rfc7797() {
            $crate::jose::vectors::rfc7797(&$provider);
        }

        /// Proves ALG-11, ALG-16.
        #[test]
        fn rfc8037() {
            $crate::jose::vectors::rfc8037(&$provider);
        }

        /// Proves ALG-22, ALG-23.
        #[test]
        fn rfc9964() {
            $crate::jose::vectors::rfc9964(&$provider);
        }

        /// Proves B64-01, B64-03, ALG-05, ALG-07, ALG-09, BCP-07.
        #[test]
        fn wycheproof_signatures() {
            $crate::jose::vectors::wycheproof_signatures(&$provider);
        }

        /// Proves ALG-01, ALG-02, ALG-03, ALG-08, JWK-09, JWK-12, SEL-05.
        #[test]
        fn wycheproof_keys() {
            $crate::jose::vectors::wycheproof_keys(&$provider);
        }

        /// Proves ALG-12, BCP-03.
        #[test]
        fn wycheproof_confusion() {
            $crate::jose::vectors::wycheproof_confusion(&$provider);
        }

        /// Proves HDR-10.
        #[test]
        fn rfc8705() {
            $crate::jose::vectors::rfc8705(&$provider);
        }

        #[test]
        fn signatures_round_trip() {
            $crate::jose::properties::signatures_round_trip(&$provider);
        }

        /// Proves ALG-05.
        #[test]
        fn every_bit_of_a_signature_counts() {
            $crate::jose::properties::every_bit_of_a_signature_counts(&$provider);
        }

        #[test]
        fn generated_keys_sign() {
            $crate::jose::properties::generated_keys_sign(&$provider);
        }

        #[test]
        fn primitives_are_as_announced() {
            $crate::jose::properties::primitives_are_as_announced(&$provider);
        }

        /// Proves ENC-02, ENC-03, ENC-04, BCP-07.
        #[test]
        fn unsound_points_are_refused() {
            $crate::jose::properties::unsound_points_are_refused(&$provider);
        }

        #[test]
        fn encryption_round_trip() {
            $crate::jose::properties::encryption_round_trip(&$provider);
        }

        /// Proves JWE-11, JWE-20.
        #[test]
        fn every_bit_of_a_ciphertext_counts() {
            $crate::jose::properties::every_bit_of_a_ciphertext_counts(&$provider);
        }
    };
}

/// Makes a `#[test]` of each table that a backend's README has of what it can do: the provider, then the text. The tables stand
/// under the headings "Signatures", "JWE" and "Primitives of encryption", with a line for everything that `avouch-jose` knows.
///
/// ```
/// use avouch_testkit::jose::readme;
///
/// let told = include_str!("../../../jose-ring/README.md");
/// readme::jwe(&avouch_jose_ring::provider(), told);
/// ```
#[macro_export]
macro_rules! jose_readme_tests {
    ($provider:expr, $readme:expr) => {
        /// Proves ALG-25.
        #[test]
        fn signatures() {
            $crate::jose::readme::signatures(&$provider, $readme);
        }

        /// Proves ALG-25.
        #[test]
        fn jwe() {
            $crate::jose::readme::jwe(&$provider, $readme);
        }

        /// Proves ALG-25.
        #[test]
        fn primitives_of_encryption() {
            $crate::jose::readme::primitives_of_encryption(&$provider, $readme);
        }
    };
}
