//! `kill -9` of an inspector: in the middle of a message it is a gap, which goes the secure way; between two it is nothing.

use rustix::process::Signal;

use super::guard::Guard;
use super::hop::Hop;
use super::{CITIZEN, CLEAN, TAKEN, large};

#[test]
fn in_the_middle_of_a_message_that_message_is_a_gap() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::with(normal.port, secure.port, &["inspect.workers = 1"]);
    let mut client = guard.client();
    let message = large(40);
    client.begin(&[CITIZEN]);
    client.say(&message);
    client.say(".\r\n");
    let killed = guard.busy_inspector();
    killed.signal(Signal::KILL);
    assert_eq!(client.hear(), TAKEN);
    assert_eq!(normal.count("DATA"), 0);
    assert!(secure.messages() == [message]);
    let lost = guard.told_once("an inspector was lost in a message, which is a gap");
    assert_eq!(lost["failure"], "it died: signal 9");
    let entry = guard.told_once("passed on");
    assert_eq!(
        (&entry["gap.count"], &entry["rules"]),
        (&1.into(), &"unread".into())
    );
    let [gap] = guard.facts().gaps.try_into().unwrap();
    assert_eq!(
        (&*gap.reason, &*gap.detail),
        ("damaged", "message: an inspector died of it")
    );
    // Another has taken its place.
    assert_eq!(client.send(&[CITIZEN], CLEAN), TAKEN);
    assert_eq!(normal.messages().len(), 1);
    assert_ne!(guard.inspectors()[0].pid, killed.pid);
}

#[test]
fn between_two_messages_the_next_one_is_read_by_another() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::with(normal.port, secure.port, &["inspect.workers = 2"]);
    let mut client = guard.client();
    let before = guard.inspectors();
    assert_eq!(before.len(), 2);
    for inspector in &before {
        inspector.signal(Signal::KILL);
    }
    for _ in 0..4 {
        assert_eq!(client.send(&[CITIZEN], "Subject: x\r\n\r\ny\r\n"), TAKEN);
    }
    assert_eq!((normal.messages().len(), secure.messages().len()), (4, 0));
    guard.wait_until("two others", |guard| {
        let now = guard.inspectors();
        now.len() == 2
            && now
                .iter()
                .all(|it| before.iter().all(|then| then.pid != it.pid))
    });
}

/// A service manager that stops everything of ours, and a person at a terminal, mean the gate: it still needs them.
#[test]
fn asked_to_end_they_stay_as_long_as_the_gate() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let mut guard = Guard::between(&normal, &secure);
    let before = guard.inspectors();
    for inspector in &before {
        inspector.signal(Signal::TERM);
        inspector.signal(Signal::INT);
        inspector.signal(Signal::HUP);
    }
    assert_eq!(
        guard.client().send(&[CITIZEN], "Subject: x\r\n\r\ny\r\n"),
        TAKEN
    );
    assert_eq!(guard.inspectors().len(), before.len());
    guard.kill();
    guard.wait_until("the inspectors to end with the gate", |_| {
        let is_there = |pid: i32| std::path::Path::new(&format!("/proc/{pid}/mem")).exists();
        !before
            .iter()
            .any(|it| is_there(it.pid.as_raw_nonzero().get()))
    });
}

#[test]
fn what_confines_them_is_told_at_the_start() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::between(&normal, &secure);
    // Landlock is not in every kernel, and what is missing is told beside it.
    let told = guard.wait("the inspectors", |guard| {
        let entries = guard.entries();
        let mut told = entries.into_iter().filter(|it| !it["standing"].is_null());
        told.next()
    });
    let standing = told["standing"].as_str().unwrap();
    for wall in ["memory hidden", "no new privileges", "limits", "seccomp"] {
        assert!(standing.contains(wall), "{standing}");
    }
    let missing = told["missing"].as_str().unwrap_or_default();
    assert!(standing.contains("landlock (abi ") || missing.contains("landlock"));
}
