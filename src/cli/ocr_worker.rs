//! `sluse ocr-worker`: confines itself and becomes Tesseract, for the gate that started it. It is in no help, for it is of no use
//! by hand.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::inspect::ocr_worker;

/// What it becomes, and what that may use.
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    /// The program.
    #[arg(long)]
    program: PathBuf,
    /// Its memory, in octets.
    #[arg(long)]
    memory: u64,
    /// The time of a processor it may use.
    #[arg(long)]
    seconds: u64,
    /// What it is told.
    #[arg(last = true)]
    arguments: Vec<String>,
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    let Arguments {
        program,
        memory,
        seconds,
        arguments,
    } = arguments;
    let code = ocr_worker(program, *memory, *seconds, arguments);
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}
