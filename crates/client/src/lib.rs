//! An OpenID Connect client: what a relying party remembers and compares between messages
