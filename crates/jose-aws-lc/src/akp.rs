use std::sync::Arc;

use avouch_jose::crypto::{SecureRandom as _, SignFailed, SignatureInvalid, Signer, Verifier};
use avouch_jose::{AkpKey, JwsAlgorithm, KeyError, KeyMaterial, MlDsaParameters, SecretOctets};
use aws_lc_rs::signature::{
    KeyPair as _, ML_DSA_44, ML_DSA_44_SIGNING, ML_DSA_65, ML_DSA_65_SIGNING, ML_DSA_87, ML_DSA_87_SIGNING,
    ParsedPublicKey, PqdsaKeyPair, PqdsaSigningAlgorithm, PqdsaVerificationAlgorithm,
};

use crate::der;
use crate::error::{rejected, unsupported};
use crate::random::SystemRandom;

struct PublicKey(ParsedPublicKey);

struct PrivateKey(PqdsaKeyPair);

pub(crate) fn verifier(algorithm: JwsAlgorithm, key: &AkpKey) -> Result<Arc<dyn Verifier>, KeyError> {
    only_its_own(algorithm, key)?;
    let (verification, _) = algorithms(key.parameters());
    let key = ParsedPublicKey::new(verification, key.public()).map_err(|error| rejected(&error))?;
    Ok(Arc::new(PublicKey(key)))
}

pub(crate) fn signer(algorithm: JwsAlgorithm, key: &AkpKey) -> Result<Arc<dyn Signer>, KeyError> {
    only_its_own(algorithm, key)?;
    let seed = key.seed().ok_or(KeyError::NotPrivate)?;
    let pair = pair(key.parameters(), seed)?;
    if pair.public_key().as_ref() != key.public() {
        return Err(KeyError::PrivateDoesNotMatchPublic);
    }
    Ok(Arc::new(PrivateKey(pair)))
}

pub(crate) fn signer_pkcs8(
    parameters: MlDsaParameters,
    document: &[u8],
) -> Result<(Arc<dyn Signer>, KeyMaterial), KeyError> {
    let (_, signing) = algorithms(parameters);
    der::check_end(document)?;
    let pair = PqdsaKeyPair::from_pkcs8(signing, document).map_err(|error| rejected(&error))?;
    let public = material(parameters, pair.public_key().as_ref(), None)?;
    Ok((Arc::new(PrivateKey(pair)), public))
}

pub(crate) fn generate(parameters: MlDsaParameters) -> Result<KeyMaterial, KeyError> {
    let mut seed = vec![0; MlDsaParameters::SEED_LEN];
    SystemRandom::new().fill(&mut seed)?;
    let seed = SecretOctets::new(seed);
    let pair = pair(parameters, &seed)?;
    material(parameters, pair.public_key().as_ref(), Some(seed))
}

fn algorithms(
    parameters: MlDsaParameters,
) -> (&'static PqdsaVerificationAlgorithm, &'static PqdsaSigningAlgorithm) {
    match parameters {
        MlDsaParameters::MlDsa44 => (&ML_DSA_44, &ML_DSA_44_SIGNING),
        MlDsaParameters::MlDsa65 => (&ML_DSA_65, &ML_DSA_65_SIGNING),
        MlDsaParameters::MlDsa87 => (&ML_DSA_87, &ML_DSA_87_SIGNING),
    }
}

fn pair(parameters: MlDsaParameters, seed: &SecretOctets) -> Result<PqdsaKeyPair, KeyError> {
    let (_, signing) = algorithms(parameters);
    PqdsaKeyPair::from_seed(signing, seed.expose()).map_err(|error| rejected(&error))
}

fn material(
    parameters: MlDsaParameters,
    public: &[u8],
    seed: Option<SecretOctets>,
) -> Result<KeyMaterial, KeyError> {
    AkpKey::new(parameters, public.to_vec(), seed)
        .map(KeyMaterial::Akp)
        .map_err(|_| KeyError::Rejected { reason: "it has another length" })
}

fn only_its_own(algorithm: JwsAlgorithm, key: &AkpKey) -> Result<(), KeyError> {
    if key.parameters().algorithm() == algorithm {
        Ok(())
    } else {
        Err(unsupported(algorithm, "the parameter set"))
    }
}

impl Verifier for PublicKey {
    fn verify(&self, input: &[u8], signature: &[u8]) -> Result<(), SignatureInvalid> {
        self.0.verify_sig(input, signature).map_err(|_| SignatureInvalid)
    }
}

impl Signer for PrivateKey {
    fn sign(&self, input: &[u8]) -> Result<Vec<u8>, SignFailed> {
        let mut signature = vec![0; self.0.algorithm().signature_len()];
        let written =
            self.0.sign(input, &mut signature).map_err(|_| SignFailed::new("AWS-LC could not sign"))?;
        signature.truncate(written);
        Ok(signature)
    }
}
