//! The tables of the README, asked line by line.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use avouch_jose::crypto::EncryptionPrimitive::{
    self, AesCbc, AesGcm, AesKeyWrap, Agreement, EphemeralAgreement, Hmac, Pbkdf2, Rsa,
};
use avouch_jose::{
    AesKeySize, AgreementCurve, ContentEncryption, HashAlgorithm, JweAlgorithm, JwsAlgorithm, KeyError,
    RsaPadding,
};

/// The cells of each line that is a table's under this heading, but for its own heading.
fn table(heading: &str) -> Vec<Vec<&'static str>> {
    let readme: &'static str = include_str!("../README.md");
    let (_, section) = readme.split_once(&format!("## {heading}\n")).expect(heading);
    let section = section.split("\n## ").next().unwrap();
    let lines = section.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    lines.skip(1).map(|line| line.split(" | ").collect()).collect()
}

fn yes(is: bool) -> &'static str {
    if is { "yes" } else { "no" }
}

/// Proves ALG-25. Every algorithm of the registry has its line, and the backend does what it says.
#[test]
fn signatures() {
    let signatures = avouch_jose_ring::provider().signatures;
    let lacks = |error: Option<KeyError>| matches!(error, Some(KeyError::Unsupported { .. }));
    let asked = JwsAlgorithm::ALL.iter().map(|&algorithm| {
        let supported = yes(signatures.supports(algorithm));
        let generates = yes(!lacks(signatures.generate(algorithm).err()));
        // no document, but it would have been read
        let imports = yes(!lacks(signatures.prepare_signer_pkcs8(algorithm, b"").err()));
        vec![algorithm.name(), supported, supported, generates, imports]
    });
    assert_eq!(table("Signatures"), asked.collect::<Vec<_>>());
}

/// Proves ALG-25. Every algorithm of JWE has its line, and its answer.
#[test]
fn jwe() {
    let crypto = avouch_jose_ring::provider();
    let management = JweAlgorithm::ALL.iter().map(|alg| (alg.name(), crypto.supports_key_management(*alg)));
    let content =
        ContentEncryption::ALL.iter().map(|enc| (enc.name(), crypto.supports_content_encryption(*enc)));
    let asked = management.chain(content).map(|(name, supported)| vec![name, yes(supported)]);
    assert_eq!(table("JWE"), asked.collect::<Vec<_>>());
}

/// Every primitive has its line, and its answer.
#[test]
fn encryption() {
    let encryption = avouch_jose_ring::provider().encryption;
    let asked = primitives().map(|primitive| (label(primitive), yes(encryption.supports(primitive))));
    let table = table("Primitives of encryption");
    let told = table.iter().map(|cells| (cells[0].to_owned(), cells[1]));
    assert_eq!(told.collect::<Vec<_>>(), asked.collect::<Vec<_>>());
}

fn primitives() -> impl Iterator<Item = EncryptionPrimitive> {
    use AgreementCurve::{P256, P384, P521, X448, X25519};
    let sizes = [AesKeySize::Aes128, AesKeySize::Aes192, AesKeySize::Aes256];
    let paddings = [RsaPadding::OaepSha1, RsaPadding::OaepSha256, RsaPadding::Pkcs1v15];
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
