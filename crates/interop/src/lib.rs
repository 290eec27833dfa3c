//! Avouch against other people's software
