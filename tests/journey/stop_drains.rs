//! Asked to stop in the middle of a message: it is finished, and nobody else is let in.

use std::sync::{Mutex, mpsc};
use std::time::Duration;

use super::guard::Guard;
use super::hop::{Answer, Hop, Word};
use super::{CITIZEN, CLEAN, TAKEN};

#[test]
fn a_message_under_way_is_finished() {
    let (arrived, arrives) = mpsc::channel();
    let (answer, answers) = mpsc::channel::<()>();
    let (arrived, answers) = (Mutex::new(arrived), Mutex::new(answers));
    let normal = Hop::that(move |word| {
        if matches!(word, Word::Message) {
            arrived.lock().unwrap().send(()).unwrap();
            let _ = answers.lock().unwrap().recv_timeout(Duration::from_secs(5));
        }
        Answer::AsUsual
    });
    let secure = Hop::start();
    let mut guard = Guard::between(&normal, &secure);
    let (mut client, mut idle) = (guard.client(), guard.client());
    client.begin(&[CITIZEN]);
    client.say(CLEAN.replace("\r\n.\r\n", "\r\n..\r\n"));
    client.say(".\r\n");
    arrives.recv_timeout(Duration::from_secs(5)).unwrap();

    guard.ask_to_stop();
    guard.told_once("stopping: messages under way are finished, new ones are deferred");
    assert_eq!(idle.hear(), "421 4.3.2 Shutting down; try again later");
    guard.wait_until("the door to close", |guard| !guard.listens());
    answer.send(()).unwrap();
    assert_eq!(client.hear(), TAKEN);
    assert_eq!(client.hear(), "421 4.3.2 Shutting down; try again later");
    assert_eq!(client.hear(), "");

    assert!(guard.ended().success());
    assert_eq!(normal.messages(), [CLEAN.as_bytes()]);
    guard.told_once("passed on");
    guard.told_once("stopped");
    assert!(secure.messages().is_empty());
}

#[test]
fn a_message_that_is_still_arriving_is_finished_too() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let mut guard = Guard::between(&normal, &secure);
    let mut client = guard.client();
    client.begin(&[CITIZEN]);
    client.say("Subject: x\r\n");
    guard.ask_to_stop();
    guard.told_once("stopping: messages under way are finished, new ones are deferred");
    assert_eq!(client.finish("\r\ny\r\n"), TAKEN);
    assert!(guard.ended().success());
    assert_eq!(normal.messages(), [b"Subject: x\r\n\r\ny\r\n"]);
}
