//! Standard claims, the claims parameter, scopes to claims
