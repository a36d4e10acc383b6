//! What Tesseract may do, from inside: one that tries everything, started as the gate starts it.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::fake;

#[test]
fn nothing_can_be_opened_started_or_sent() {
    let (_folder, program) = fake();
    let ran = run(&program, "TRY");
    let complained = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(
        String::from_utf8(ran.stdout).unwrap(),
        "tried all\n",
        "{complained}"
    );
    assert!(complained.contains("seccomp"), "{complained}");
}

#[cfg(target_arch = "x86_64")]
#[test]
fn the_loader_starts_no_other_program() {
    let (_folder, program) = fake();
    let ran = run(&program, "LOADER");
    let complained = String::from_utf8(ran.stderr).unwrap();
    assert!(
        ran.stdout.is_empty() && !ran.status.success(),
        "{complained}"
    );
    assert!(complained.contains("/bin/echo"), "{complained}");
}

fn run(program: &Path, words: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_sluse"))
        .args([
            "ocr-worker",
            "--memory",
            "1000000000",
            "--seconds",
            "10",
            "--program",
        ])
        .arg(program)
        .args(["--", "stdin", "stdout"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(words.as_bytes())
        .unwrap();
    child.wait_with_output().unwrap()
}
