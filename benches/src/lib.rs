//! Measurements beside raw crypto and the peers
