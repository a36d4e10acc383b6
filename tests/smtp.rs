//! Cases of `smtp`.
