#[path = "../../examples/remote_signer.rs"]
mod remote_signer;

/// The example does what it says: it fails if a token does not verify.
#[test]
fn example_of_a_remote_signer() {
    remote_signer::main().unwrap();
}
