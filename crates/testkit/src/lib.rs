//! Fixed RNG and clock, hostile tokens, published vectors, in-memory storage
