//! The commands.

pub mod patterns;

use std::process::ExitCode;

/// Runs the command line.
pub fn run() -> ExitCode {
    ExitCode::from(2)
}
