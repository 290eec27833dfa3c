//! Identifiers and registered words of OpenID Connect and OAuth 2.0, and the urlencoded form codec
