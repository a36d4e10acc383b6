//! Nobody can be told: the disk of standard output is full, or its reader has seen enough.

use std::fs;
use std::os::unix::net::UnixStream;
use std::process::{Command, Output, Stdio};

/// What says something on its own, without a database or a process that runs.
const COMMANDS: [&[&str]; 5] = [
    &["check"],
    &["patterns", "list"],
    &["patterns", "syntax"],
    &["scan", "tests/mime"],
    &["completions", "bash"],
];

fn output(arguments: &[&str], to: impl Into<Stdio>) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sluse"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdout(to)
        .stderr(Stdio::piped())
        .output()
        .unwrap()
}

#[test]
fn what_cannot_be_written_is_an_error_and_told() {
    for arguments in COMMANDS {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let output = output(arguments, full);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains("No space left"), "{arguments:?}: {said}");
        assert!(!said.contains("internal error"), "{arguments:?}: {said}");
    }
}

#[test]
fn whoever_has_seen_enough_is_told_nothing() {
    for arguments in COMMANDS {
        let (ours, theirs) = UnixStream::pair().unwrap();
        drop(theirs);
        let output = output(arguments, std::os::fd::OwnedFd::from(ours));
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert_eq!(said, "", "{arguments:?}");
    }
}
