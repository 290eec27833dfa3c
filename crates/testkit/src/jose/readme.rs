//! The tables in a backend's README that say what it has, asked line by line.

use avouch_jose::crypto::CryptoProvider;
use avouch_jose::crypto::EncryptionPrimitive::{
    self, AesCbc, AesGcm, AesKeyWrap, Agreement, EphemeralAgreement, Hmac, Pbkdf2, Rsa,
};
use avouch_jose::{
    AesKeySize, AgreementCurve, ContentEncryption, HashAlgorithm, JweAlgorithm, JwsAlgorithm, KeyError,
    RsaPadding,
};

/// The cells of each line that is a table's under this heading, but for its own heading.
fn table<'r>(readme: &'r str, heading: &str) -> Vec<Vec<&'r str>> {
    let (_, section) = readme.split_once(&format!("## {heading}\n")).expect(heading);
    let section = section.split("\n## ").next().unwrap();
    let lines = section.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    lines.skip(1).map(|line| line.split(" | ").collect()).collect()
}

fn yes(is: bool) -> &'static str {
    if is { "yes" } else { "no" }
}

/// Every algorithm of the registry has its line under "Signatures", and the backend does what it says.
pub fn signatures(crypto: &CryptoProvider, readme: &str) {
    let signatures = &crypto.signatures;
    let lacks = |error: Option<KeyError>| matches!(error, Some(KeyError::Unsupported { .. }));
    let asked = JwsAlgorithm::ALL.iter().map(|&algorithm| {
        let supported = yes(signatures.supports(algorithm));
        let generates = yes(!lacks(signatures.generate(algorithm).err()));
        // no document, but it would have been read
        let imports = yes(!lacks(signatures.prepare_signer_pkcs8(algorithm, b"").err()));
        vec![algorithm.name(), supported, supported, generates, imports]
    });
    assert_eq!(table(readme, "Signatures"), asked.collect::<Vec<_>>());
}

/// Every algorithm of JWE has its line under "JWE", and its answer.
pub fn jwe(crypto: &CryptoProvider, readme: &str) {
    let management = JweAlgorithm::ALL.iter().map(|alg| (alg.name(), crypto.supports_key_management(*alg)));
    let content =
        ContentEncryption::ALL.iter().map(|enc| (enc.name(), crypto.supports_content_encryption(*enc)));
    let asked = management.chain(content).map(|(name, supported)| vec![name, yes(supported)]);
    assert_eq!(table(readme, "JWE"), asked.collect::<Vec<_>>());
}

/// Every primitive has its line under "Primitives of encryption", and its answer.
pub fn primitives_of_encryption(crypto: &CryptoProvider, readme: &str) {
    let encryption = &crypto.encryption;
    let asked = primitives().map(|primitive| (label(primitive), yes(encryption.supports(primitive))));
    let table = table(readme, "Primitives of encryption");
    let told = table.iter().map(|cells| (cells[0].to_owned(), cells[1]));
    assert_eq!(told.collect::<Vec<_>>(), asked.collect::<Vec<_>>());
}

fn primitives() -> impl Iterator<Item = EncryptionPrimitive> {
    use AgreementCurve::{P256, P384, P521, X448, X25519};
    let sizes = [AesKeySize::Aes128, AesKeySize::Aes192, AesKeySize::Aes256];
    let paddings = [
        RsaPadding::OaepSha1,
        RsaPadding::OaepSha256,
        RsaPadding::OaepSha384,
        RsaPadding::OaepSha512,
        RsaPadding::Pkcs1v15,
    ];
    let curves = [P256, P384, P521, X25519, X448];
    let hashes = [HashAlgorithm::Sha256, HashAlgorithm::Sha384, HashAlgorithm::Sha512];
    (sizes.map(AesGcm).into_iter())
        .chain(sizes.map(AesCbc))
        .chain(sizes.map(AesKeyWrap))
        .chain(paddings.map(Rsa))
        .chain(curves.map(Agreement))
        .chain(curves.map(EphemeralAgreement))
        .chain(hashes.map(Hmac))
        .chain(hashes.map(Pbkdf2))
}

fn label(primitive: EncryptionPrimitive) -> String {
    match primitive {
        Hmac(hash) | Pbkdf2(hash) => format!("{} with SHA-{}", primitive.name(), hash.output_len() * 8),
        _ => primitive.name().to_owned(),
    }
}
