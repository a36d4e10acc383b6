//! One of several inspectors hangs, or is killed, before it was ready: the program begins with the others, and has all again when it
//! can. The same where packs are exchanged.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use sluse::inspect::{Door, DoorSettings};
use sluse::limits::ReadLimits;
use sluse::pattern::{FingerprintKey, PackSet, Packs, Stock};
use tokio::time::{Instant, sleep};

use super::{PATIENCE, spooled};

/// A program that does this to itself the first time it is run, and is an inspector else.
fn program(folder: &Path, first: &str) -> PathBuf {
    let program = folder.join("inspector");
    let mark = folder.join("first");
    let mark = mark.to_str().unwrap();
    let inspector = env!("CARGO_BIN_EXE_sluse");
    let script = format!(
        "#!/bin/sh\n/bin/mkdir {mark} 2> /dev/null && echo $$ > {mark}/pid && {first}\nexec {inspector} \"$@\"\n"
    );
    // Written by another process: a file that one of ours has open to be written cannot be run by one that was begun meanwhile.
    let written = std::process::Command::new("/bin/sh")
        .args(["-c", "printf %s \"$1\" > \"$2\"", "sh", &script])
        .arg(&program)
        .status();
    assert!(written.unwrap().success());
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    program
}

async fn opened(program: PathBuf, workers: usize) -> Door {
    let settings = DoorSettings {
        workers,
        // Whoever looks for it runs the same program.
        ocr: None,
        program,
        ..DoorSettings::default()
    };
    let packs = Packs::shipped(FingerprintKey::new([7; 32]));
    let door = Door::open(settings, Stock::of(&packs), packs.key().clone());
    door.await.unwrap()
}

async fn reads(door: &Door) {
    let soon = Instant::now() + PATIENCE;
    let read = door.inspect(&spooled(b"x: y\r\n\r\nz"), soon).await;
    assert!(read.unwrap().gaps.is_empty());
}

async fn has_all(door: &Door) {
    let late = Instant::now() + PATIENCE;
    while door.occupancy().ready < door.occupancy().wanted {
        assert!(Instant::now() < late, "{:?}", door.occupancy());
        sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn one_that_hangs_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let door = opened(program(folder.path(), "kill -STOP $$"), 2).await;
    assert_eq!(door.occupancy().ready, 1);
    reads(&door).await;
    let stopped = fs::read_to_string(folder.path().join("first/pid")).unwrap();
    let stopped = Pid::from_raw(stopped.trim().parse().unwrap()).unwrap();
    kill_process(stopped, Signal::CONT).unwrap();
    has_all(&door).await;
    reads(&door).await;
}

#[tokio::test]
async fn one_that_is_killed_has_another_in_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let door = opened(program(folder.path(), "kill -KILL $$"), 2).await;
    reads(&door).await;
    has_all(&door).await;
}

/// With one inspector alone nobody is left to go on with; so it is tried again at once.
#[tokio::test]
async fn packs_are_exchanged_though_one_is_killed() {
    for workers in [1, 2] {
        let folder = tempfile::tempdir().unwrap();
        let first = folder.path().join("first");
        fs::create_dir(&first).unwrap();
        let door = opened(program(folder.path(), "kill -KILL $$"), workers).await;
        let before = door.catalogue().version();
        fs::remove_dir(&first).unwrap();
        let mut set = PackSet::shipped();
        set.disabled.push("dk.health".into());
        let packs = Packs::compile(&set, FingerprintKey::new([7; 32])).unwrap();
        let exchanged = door.exchange(Stock::of(&packs), ReadLimits::default());
        exchanged.await.unwrap();
        assert!(first.join("pid").exists(), "none was killed");
        assert_ne!(door.catalogue().version(), before);
        reads(&door).await;
        has_all(&door).await;
    }
}
