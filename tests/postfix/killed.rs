//! `kill -9` of Sluse, three times under load: Postfix keeps what nobody else has taken.

use std::collections::BTreeMap;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crate::port::free_port;
use crate::postfix::lab::{Guard, Postfix};
use crate::postfix::sink::Sink;

#[test]
fn nothing_is_lost() {
    const MESSAGES: usize = 300;
    let (normal, secure) = (Sink::start(), Sink::start());
    let inlet = free_port();
    let mut guard = Guard::start(normal.address.port(), secure.address.port());
    let filter = format!("content_filter=guard:[127.0.0.1]:{}", guard.port);
    let postfix = Postfix::start(1, &[(inlet, &[&filter])]);

    let mut load = Command::new("smtp-source")
        .args(["-s", "10", "-m", &MESSAGES.to_string(), "-l", "20000", "-N"])
        .args(["-f", "a@kommune.example", "-t", "u@borger.example"])
        .arg(format!("127.0.0.1:{inlet}"))
        .spawn()
        .unwrap();
    let mut killed_at = Vec::new();
    for third in 1..=3 {
        // Each kill falls into the load: after a quarter, a half and three quarters of it.
        let late = Instant::now() + Duration::from_secs(30);
        while normal.delivered().len() < third * MESSAGES / 4 {
            assert!(Instant::now() < late, "the load stands still");
            thread::sleep(Duration::from_millis(1));
        }
        killed_at.push(normal.delivered().len());
        guard.kill();
        thread::sleep(Duration::from_millis(100));
        guard.resume();
    }
    assert!(load.wait().unwrap().success());
    assert!(
        killed_at.iter().all(|&delivered| delivered < MESSAGES),
        "{killed_at:?}"
    );

    let late = Instant::now() + Duration::from_secs(60);
    while count(&normal).len() < MESSAGES && Instant::now() < late {
        postfix.flush();
        thread::sleep(Duration::from_millis(500));
    }
    let copies = count(&normal);
    assert_eq!(
        copies.len(),
        MESSAGES,
        "messages that arrived; killed at {killed_at:?}"
    );
    let twice = copies.values().filter(|&&copies| copies > 1).count();
    println!("{MESSAGES} messages, killed at {killed_at:?}: 0 lost, {twice} delivered twice");
    assert!(secure.delivered().is_empty());
    assert!(postfix.queue().contains("empty"), "{}", postfix.queue());
}

/// How often each recipient's message arrived: smtp-source numbers them. The parameters behind an address may differ from one
/// attempt to the next, so they do not count.
fn count(sink: &Sink) -> BTreeMap<String, usize> {
    let mut copies = BTreeMap::new();
    for recipient in sink
        .delivered()
        .into_iter()
        .flat_map(|delivered| delivered.recipients)
    {
        let address = recipient.split('>').next().unwrap_or_default();
        *copies.entry(address.to_owned()).or_default() += 1;
    }
    copies
}
