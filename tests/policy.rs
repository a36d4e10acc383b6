//! Cases of `policy`.
