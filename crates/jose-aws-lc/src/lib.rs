#![doc = include_str!("../README.md")]

use avouch_jose as _;
use aws_lc_rs as _;
