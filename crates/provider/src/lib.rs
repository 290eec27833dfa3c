//! An OpenID Connect provider: what it decides and stores between messages
