//! The tables of the README.

avouch_testkit::jose_readme_tests!(avouch_jose_ring::provider(), include_str!("../README.md"));
