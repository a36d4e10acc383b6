//! Cases of `check`.
