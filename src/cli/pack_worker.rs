//! `sluse pack-worker`: compiles packs for the gate that started it. It is in no help, for it is of no use by hand.

use std::process::ExitCode;

use anyhow::Context;

use crate::cli::NOTHING;
use crate::inspect::pack_worker;

pub(super) fn run() -> anyhow::Result<ExitCode> {
    pack_worker().context("packs cannot be compiled for the gate")?;
    Ok(ExitCode::from(NOTHING))
}
