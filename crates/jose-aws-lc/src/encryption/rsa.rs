use std::sync::Arc;

use avouch_jose::crypto::{
    EncryptionFailed, EncryptionPrimitive, KeyDecrypter, KeyEncrypter, KeyOperationError,
};
use avouch_jose::{KeyError, RsaKey, RsaPadding};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{
    OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OAEP_SHA384_MGF1SHA384, OAEP_SHA512_MGF1SHA512,
    OaepAlgorithm, OaepPrivateDecryptingKey, OaepPublicEncryptingKey, Pkcs1PrivateDecryptingKey,
    Pkcs1PublicEncryptingKey, PrivateDecryptingKey, PublicEncryptingKey,
};
use zeroize::Zeroizing;

use crate::error::rejected;
use crate::rsa;

/// What is left to AWS-LC's own checks and fails there has a modulus of a size it does not take.
const NOT_TAKEN: KeyError = KeyError::Rejected { reason: "one of its components is not valid" };

enum Padding {
    Pkcs1,
    Oaep(&'static OaepAlgorithm),
}

enum PublicKey {
    Pkcs1(Pkcs1PublicEncryptingKey),
    Oaep(OaepPublicEncryptingKey, &'static OaepAlgorithm),
}

enum PrivateKey {
    Pkcs1(Pkcs1PrivateDecryptingKey),
    Oaep(OaepPrivateDecryptingKey, &'static OaepAlgorithm),
}

pub(super) fn supports(padding: RsaPadding) -> bool {
    self::padding(padding).is_ok()
}

pub(super) fn encrypter(padding: RsaPadding, key: &RsaKey) -> Result<Arc<dyn KeyEncrypter>, KeyError> {
    let padding = self::padding(padding)?;
    check_exponent(key)?;
    let public: PublicEncryptingKey = rsa::public(key).try_into().map_err(|_| NOT_TAKEN)?;
    let key = match padding {
        Padding::Pkcs1 => Pkcs1PublicEncryptingKey::new(public).map(PublicKey::Pkcs1),
        Padding::Oaep(algorithm) => {
            OaepPublicEncryptingKey::new(public).map(|key| PublicKey::Oaep(key, algorithm))
        }
    };
    Ok(Arc::new(key.map_err(|_| NOT_TAKEN)?))
}

pub(super) fn decrypter(padding: RsaPadding, key: &RsaKey) -> Result<Arc<dyn KeyDecrypter>, KeyError> {
    let padding = self::padding(padding)?;
    check_exponent(key)?;
    // keys to decrypt with are read from PKCS#8 only, which keys to sign with can write
    let document: Pkcs8V1Der<'_> = rsa::pair(key)?.as_der().map_err(|_| NOT_TAKEN)?;
    let private = PrivateDecryptingKey::from_pkcs8(document.as_ref()).map_err(|error| rejected(&error))?;
    let key = match padding {
        Padding::Pkcs1 => Pkcs1PrivateDecryptingKey::new(private).map(PrivateKey::Pkcs1),
        Padding::Oaep(algorithm) => {
            OaepPrivateDecryptingKey::new(private).map(|key| PrivateKey::Oaep(key, algorithm))
        }
    };
    Ok(Arc::new(key.map_err(|_| NOT_TAKEN)?))
}

fn check_exponent(key: &RsaKey) -> Result<(), KeyError> {
    if rsa::exponent_fits(key) {
        Ok(())
    } else {
        Err(KeyError::Rejected { reason: "an RSA public exponent of more than 33 bits" })
    }
}

fn padding(padding: RsaPadding) -> Result<Padding, KeyError> {
    match padding {
        RsaPadding::Pkcs1v15 => Ok(Padding::Pkcs1),
        RsaPadding::OaepSha1 => Ok(Padding::Oaep(&OAEP_SHA1_MGF1SHA1)),
        RsaPadding::OaepSha256 => Ok(Padding::Oaep(&OAEP_SHA256_MGF1SHA256)),
        RsaPadding::OaepSha384 => Ok(Padding::Oaep(&OAEP_SHA384_MGF1SHA384)),
        RsaPadding::OaepSha512 => Ok(Padding::Oaep(&OAEP_SHA512_MGF1SHA512)),
        _ => Err(KeyError::Lacking(EncryptionPrimitive::Rsa(padding))),
    }
}

impl KeyEncrypter for PublicKey {
    fn encrypt(&self, key: &[u8]) -> Result<Vec<u8>, EncryptionFailed> {
        let mut encrypted = vec![
            0;
            match self {
                Self::Pkcs1(public) => public.ciphertext_size(),
                Self::Oaep(public, _) => public.ciphertext_size(),
            }
        ];
        let written = match self {
            Self::Pkcs1(public) => public.encrypt(key, &mut encrypted),
            Self::Oaep(public, algorithm) => public.encrypt(algorithm, key, &mut encrypted, None),
        };
        let written = written.map_err(|_| EncryptionFailed)?.len();
        encrypted.truncate(written);
        Ok(encrypted)
    }
}

impl KeyDecrypter for PrivateKey {
    fn decrypt(&self, encrypted: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyOperationError> {
        let mut key = Zeroizing::new(vec![
            0;
            match self {
                Self::Pkcs1(private) => private.min_output_size(),
                Self::Oaep(private, _) => private.min_output_size(),
            }
        ]);
        let written = match self {
            Self::Pkcs1(private) => private.decrypt(encrypted, &mut key),
            Self::Oaep(private, algorithm) => private.decrypt(algorithm, encrypted, &mut key, None),
        };
        let written = written.map_err(|_| KeyOperationError::Failed)?.len();
        key.truncate(written);
        Ok(key)
    }
}
