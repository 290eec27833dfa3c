//! Requests and responses of OpenID Connect and OAuth 2.0, and their single-message rules
