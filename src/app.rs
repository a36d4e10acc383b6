//! Build, run, drain, stop.
