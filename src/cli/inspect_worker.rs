//! `sluse inspect-worker`: reads messages for the gate that started it. It is in no help, for it is of no use by hand.

use std::process::ExitCode;

use crate::cli::NOTHING;
use crate::inspect::worker;

pub(super) fn run() -> anyhow::Result<ExitCode> {
    worker::serve()?;
    Ok(ExitCode::from(NOTHING))
}
