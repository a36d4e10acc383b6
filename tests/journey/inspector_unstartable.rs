//! Inspectors can no more be started: messages are deferred, none passes unread, and all is well again when they can.

use std::fs;
use std::os::unix::fs::symlink;
use std::time::Duration;

use sluse::extract::Reason;
use sluse::inspect::{Closed, Death, Door, DoorSettings, Unstarted};
use sluse::pattern::{FingerprintKey, Packs, Stock};
use tokio::time::{Instant, sleep};

use super::{large, spooled};

#[tokio::test]
async fn messages_wait_or_are_deferred() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("inspector");
    let point_to = |to: &str| {
        let new = folder.path().join("new");
        symlink(to, &new).unwrap();
        fs::rename(&new, &program).unwrap();
    };
    point_to(env!("CARGO_BIN_EXE_sluse"));
    let settings = DoorSettings {
        workers: 1,
        memory: 64 << 20,
        program: program.clone(),
        ..DoorSettings::default()
    };
    let packs = Packs::shipped(FingerprintKey::new([7; 32]));
    let door = Door::open(settings, Stock::of(&packs), packs.key().clone());
    let door = door.await.unwrap();
    let late = || Instant::now() + Duration::from_secs(60);

    point_to("/bin/false");
    // It costs the inspector its life.
    let read = door.inspect(&spooled(&large(40)), late()).await.unwrap();
    assert_eq!(read.gaps[0].reason, Reason::Limit);
    let small = spooled(b"x: y\r\n\r\nz");
    let soon = Instant::now() + Duration::from_millis(50);
    let waited = door.inspect(&small, soon).await;
    assert!(matches!(waited, Err(Closed::Busy)), "{waited:?}");
    let closed = loop {
        let soon = Instant::now() + Duration::from_millis(50);
        match door.inspect(&small, soon).await {
            Err(Closed::Busy) => sleep(Duration::from_millis(50)).await,
            other => break other,
        }
    };
    assert!(matches!(closed, Err(Closed::Unstarted)), "{closed:?}");

    point_to(env!("CARGO_BIN_EXE_sluse"));
    let read = loop {
        match door.inspect(&small, late()).await {
            Err(Closed::Unstarted) => sleep(Duration::from_millis(50)).await,
            read => break read.unwrap(),
        }
    };
    assert!(read.gaps.is_empty(), "{:?}", read.gaps);
}

#[tokio::test]
async fn a_start_without_them_is_none() {
    let packs = Packs::shipped(FingerprintKey::new([7; 32]));
    let open = |settings| Door::open(settings, Stock::of(&packs), packs.key().clone());
    let settings = DoorSettings {
        workers: 2,
        program: "/bin/false".into(),
        ..DoorSettings::default()
    };
    let opened = open(settings).await;
    let ended = |error: &Unstarted| matches!(error, Unstarted::Ended(Death::Exit(1)));
    assert!(opened.as_ref().is_err_and(ended), "{opened:?}");
    let settings = DoorSettings {
        program: "/nowhere".into(),
        ..DoorSettings::default()
    };
    let opened = open(settings).await;
    assert!(matches!(opened, Err(Unstarted::System(_))), "{opened:?}");
}
