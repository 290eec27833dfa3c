//! The ring backend of avouch-jose
