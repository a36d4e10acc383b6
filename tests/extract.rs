//! Cases of `extract`.
