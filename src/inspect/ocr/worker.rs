//! The process that reads one picture: it confines itself, and then becomes Tesseract.

use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use rustix::process::setpriority_process;

use crate::inspect::Walls;
use crate::inspect::ocr::walls;
use crate::inspect::sandbox::first_to_go;

/// The command by which the program is an OCR worker.
pub(super) const COMMAND: &str = "ocr-worker";

/// With what the worker ends that could not become Tesseract, which ends with 0 or 1.
pub(super) const UNSTARTED: i32 = 70;

/// What stands before its walls on standard error.
pub(super) const WALLS: &str = "sluse: walls ";

/// How far others go before it: a message without pictures is not to wait for one with.
const NICENESS: i32 = 10;

/// Takes everything away from this process that Tesseract does not need, and becomes it. Returns only where that fails, with
/// the exit code.
///
/// `memory` is in octets, `seconds` is the time of a processor it may use.
pub fn confine(program: &Path, memory: u64, seconds: u64, arguments: &[String]) -> i32 {
    first_to_go();
    let mut raised = Walls::default();
    walls::raise(&mut raised, program, memory, seconds);
    // It only helps others.
    let _ = setpriority_process(None, NICENESS);
    let told = serde_json::to_string(&raised).unwrap_or_default();
    let mut complaints = io::stderr();
    let _ = writeln!(complaints, "{WALLS}{told}");
    let error = Command::new(program)
        .args(arguments)
        .env_clear()
        // It would start threads for one picture, and one for each processor is already at work on pictures.
        .env("OMP_THREAD_LIMIT", "1")
        .exec();
    let _ = writeln!(complaints, "sluse: OCR cannot be started: {error}");
    UNSTARTED
}
