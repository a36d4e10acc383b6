//! Cases of `mime`.
