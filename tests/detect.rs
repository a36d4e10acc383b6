//! Cases of `detect`.
