//! There is no room for the message, or no folder for it: it is deferred, and the dialogue goes on in step.

use std::process::Command;

use super::guard::Guard;
use super::hop::Hop;
use super::{CITIZEN, CLEAN, TAKEN, large};

/// Starts the program where no file may grow beyond a megabyte, which it is told as it is told of a full disk: by the
/// write that fails.
fn without_room(program: &str) -> Command {
    let mut command = Command::new("sh");
    command.args([
        "-c",
        "trap '' XFSZ; ulimit -f 2048; exec \"$0\" \"$@\"",
        program,
    ]);
    command
}

#[test]
fn a_full_disk_defers_what_does_not_fit_and_nothing_else() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let keys = ["spool.memory = \"64KiB\""];
    let guard = Guard::run(normal.port, secure.port, &keys, without_room);
    let mut client = guard.client();
    assert_eq!(
        client.send(&[CITIZEN], large(4)),
        "452 4.3.1 No room for the message; try again later"
    );
    let entry = guard.told_once("the message could not be kept");
    assert_eq!(entry["level"], "WARN");
    let error = entry["error"].as_str().unwrap();
    assert!(
        error.starts_with("the folder of the spool is full: "),
        "{error}"
    );
    assert!(normal.messages().is_empty());
    assert_eq!(client.send(&[CITIZEN], CLEAN), TAKEN);
    assert_eq!(normal.messages(), [CLEAN.as_bytes()]);
    assert!(secure.messages().is_empty());
}

#[test]
fn a_folder_that_is_gone_defers_what_needs_it_and_nothing_else() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let folder = tempfile::tempdir().unwrap();
    let keys = [
        "spool.memory = \"64KiB\"",
        &format!("spool.folder = \"{}\"", folder.path().display()),
    ];
    let guard = Guard::with(normal.port, secure.port, &keys);
    folder.close().unwrap();
    let mut client = guard.client();
    assert_eq!(
        client.send(&[CITIZEN], large(1)),
        "451 4.3.0 The message could not be kept; try again later"
    );
    let entry = guard.told_once("the message could not be kept");
    let error = entry["error"].as_str().unwrap();
    assert!(error.starts_with("the spool failed: "), "{error}");
    assert_eq!(client.send(&[CITIZEN], CLEAN), TAKEN);
    assert_eq!(normal.messages(), [CLEAN.as_bytes()]);
    assert!(secure.messages().is_empty());
}
