//! `kill -9` between the next hop's reply and ours: the client has heard nothing, so it still has the message.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, mpsc};
use std::time::Duration;

use super::guard::Guard;
use super::hop::{Answer, Hop, Word};
use super::{CITIZEN, CLEAN, CPR, TAKEN};

/// A next hop whose first message is answered only when the test says so, after it has told that the message is there.
fn hesitant() -> (Hop, mpsc::Receiver<()>, mpsc::Sender<()>) {
    let (arrived, arrives) = mpsc::channel();
    let (answer, answers) = mpsc::channel();
    let (arrived, answers) = (Mutex::new(arrived), Mutex::new(answers));
    let first = AtomicBool::new(true);
    let hop = Hop::that(move |word| {
        if matches!(word, Word::Message) && first.swap(false, Ordering::Relaxed) {
            arrived.lock().unwrap().send(()).unwrap();
            let _ = answers.lock().unwrap().recv_timeout(Duration::from_secs(5));
        }
        Answer::AsUsual
    });
    (hop, arrives, answer)
}

#[test]
fn the_client_hears_nothing_and_sends_it_again() {
    let (normal, arrives, answer) = hesitant();
    let secure = Hop::start();
    let mut guard = Guard::between(&normal, &secure);
    let mut client = guard.client();
    client.begin(&[CITIZEN]);
    client.say("Subject: x\r\n\r\ny\r\n.\r\n");
    arrives.recv_timeout(Duration::from_secs(5)).unwrap();
    guard.kill();
    answer.send(()).unwrap();
    assert_eq!(client.hear(), "", "no reply, so the client keeps it");

    guard.resume();
    assert_eq!(
        guard.client().send(&[CITIZEN], "Subject: x\r\n\r\ny\r\n"),
        TAKEN
    );
    // The one harm there may be.
    assert_eq!(normal.messages(), [b"Subject: x\r\n\r\ny\r\n"; 2]);
    guard.told_once("passed on");
    assert_eq!(guard.client().send(&[CITIZEN], CLEAN), TAKEN);
}

#[test]
fn its_incident_survives_and_the_next_attempt_is_the_same_incident() {
    let (secure, arrives, answer) = hesitant();
    let normal = Hop::start();
    let mut guard = Guard::between(&normal, &secure);
    let mut client = guard.client();
    client.begin(&[CITIZEN]);
    client.say(CPR);
    client.say(".\r\n");
    arrives.recv_timeout(Duration::from_secs(5)).unwrap();
    guard.kill();
    answer.send(()).unwrap();
    assert_eq!(client.hear(), "");
    assert_eq!(guard.incident(), (None, vec!["opened"]));

    guard.resume();
    assert_eq!(guard.client().send(&[CITIZEN], CPR), TAKEN);
    assert_eq!(
        guard.incident(),
        (
            Some("secured".to_owned()),
            vec!["opened", "repeated", "secured"]
        )
    );
    assert_eq!(normal.count("DATA"), 0);
}
