//! JWT profiles of OpenID Connect: ID Token, client assertion
