//! Strict reading of untrusted JSON: budgets, nesting, duplicate members
