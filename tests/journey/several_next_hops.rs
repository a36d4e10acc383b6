//! Several hosts at the end of a route: one that is ill is left for the next, and what the client was told stays true.

use std::thread;
use std::time::Duration;

use sluse::act::Reuse;

use super::guard::Guard;
use super::hop::{Answer, Hop};
use super::{CITIZEN, CLEAN, COLLEAGUE, CPR, TAKEN, large};
use crate::port::free_port;

/// A guard whose normal route ends at these, in this order.
fn guard(normal: &[u16], secure: &[u16]) -> Guard {
    let listed = |ports: &[u16]| {
        let hops = ports.iter().map(|port| format!("\"127.0.0.1:{port}\""));
        hops.collect::<Vec<_>>().join(", ")
    };
    let normal = format!("route.normal.next_hop = [{}]", listed(normal));
    let secure = format!("route.secure.next_hop = [{}]", listed(secure));
    Guard::with(1, 1, &[&normal, &secure])
}

#[test]
fn the_next_takes_over_and_the_log_tells_it_once() {
    let (port, other, secure) = (free_port(), Hop::start(), Hop::start());
    let guard = guard(&[port, other.port], &[secure.port]);
    for _ in 0..3 {
        assert_eq!(guard.client().send(&[CITIZEN], CLEAN), TAKEN);
    }
    assert_eq!(other.messages().len(), 3);
    let ill = guard.told_once("a next hop is ill: it is tried last for a while");
    assert_eq!(ill["level"], "WARN");
    assert_eq!(ill["route"], "normal");
    assert_eq!(ill["host"], format!("127.0.0.1:{port}"));
    assert_eq!(ill["pause_s"], 30);
    let trouble = ill["trouble"].as_str().unwrap();
    assert!(trouble.contains("Connection refused"), "{trouble}");
}

#[test]
fn the_preferred_one_is_used_again_when_it_is_well() {
    let (port, other, secure) = (free_port(), Hop::start(), Hop::start());
    let guard = {
        let normal = format!(
            "route.normal.next_hop = [\"127.0.0.1:{port}\", \"127.0.0.1:{}\"]",
            other.port
        );
        let ill = "limits.time.ill = \"100ms\"";
        Guard::with(1, secure.port, &[&normal, ill])
    };
    assert_eq!(guard.client().send(&[CITIZEN], CLEAN), TAKEN);
    let preferred = Hop::at(port, |_| Answer::AsUsual);
    guard.wait_until("the preferred one", |guard| {
        assert_eq!(guard.client().send(&[CITIZEN], CLEAN), TAKEN);
        !preferred.messages().is_empty()
    });
    let well = guard.told_once("a next hop is well again");
    assert_eq!(well["level"], "INFO");
    assert_eq!(well["host"], format!("127.0.0.1:{port}"));
}

/// What happened to the client's message, the first host failing at this command.
fn failing_at(command: &'static str, answer: Answer, message: &[u8]) -> (String, Hop, Hop) {
    let (first, other, secure) = (Hop::answering(command, answer), Hop::start(), Hop::start());
    let guard = guard(&[first.port, other.port], &[secure.port]);
    let reply = guard.client().send(&[COLLEAGUE, CITIZEN], message);
    assert!(secure.messages().is_empty());
    (reply, first, other)
}

#[test]
fn until_the_final_dot_nothing_is_lost_with_a_host() {
    for (command, answer) in [
        ("EHLO", Answer::Say("421 4.3.2 Closing")),
        ("MAIL", Answer::Say("421 4.3.2 Closing")),
        ("MAIL", Answer::Say("451 4.3.0 Trouble here")),
        ("MAIL", Answer::HangUp),
        ("RCPT TO:<bo@", Answer::HangUp),
        ("RCPT TO:<karen@", Answer::Say("421 4.3.2 Closing")),
        ("DATA", Answer::HangUp),
        ("DATA", Answer::Say("421 4.3.2 Closing")),
        ("DATA", Answer::Cut(20)),
    ] {
        // So much that most of it is not on its way yet when the host is lost.
        let message = match answer {
            Answer::Cut(_) => large(8),
            _ => CLEAN.into(),
        };
        let (reply, first, other) = failing_at(command, answer, &message);
        assert_eq!(reply, TAKEN, "at {command}");
        assert!(first.messages().is_empty(), "at {command}");
        assert!(other.messages() == [&message[..]], "at {command}");
        assert_eq!(other.count("RCPT"), 2, "at {command}");
    }
}

#[test]
fn after_the_final_dot_no_other_is_asked() {
    for (answer, reply) in [
        (Answer::HangUp, "451 4.4.2"),
        (Answer::Say("421 4.3.2 Closing"), "451 4.3.2 Closing"),
        (Answer::Say("451 4.3.0 Later"), "451 4.3.0 Later"),
        (Answer::Say("554 5.7.1 No"), "554 5.7.1 No"),
    ] {
        let (told, first, other) = failing_at(".", answer, CLEAN.as_bytes());
        assert!(told.starts_with(reply), "{told}");
        assert_eq!((first.messages().len(), other.messages().len()), (1, 0));
    }
}

#[test]
fn a_recipient_who_was_accepted_and_is_refused_by_the_next_defers_the_message() {
    let first = Hop::answering("DATA", Answer::HangUp);
    let other = Hop::answering("RCPT TO:<karen@", Answer::Say("550 5.1.1 Unknown"));
    let secure = Hop::start();
    let guard = guard(&[first.port, other.port], &[secure.port]);
    assert_eq!(
        guard.client().send(&[COLLEAGUE, CITIZEN], CLEAN),
        "451 4.1.1 Unknown"
    );
    assert!(first.messages().is_empty() && other.messages().is_empty());
    let error = &guard.told_once("deferred")["error"];
    assert_eq!(
        error,
        "route normal: what was accepted before is refused now: 550 5.1.1 Unknown, at RCPT; the message was not handed over"
    );
}

#[test]
fn the_secure_route_has_another_host_as_well() {
    let (normal, ill, good) = (
        Hop::start(),
        Hop::answering("RCPT", Answer::HangUp),
        Hop::start(),
    );
    let guard = guard(&[normal.port], &[free_port(), ill.port, good.port]);
    assert_eq!(guard.client().send(&[CITIZEN], CPR), TAKEN);
    assert_eq!(good.messages(), [CPR.as_bytes()]);
    assert!(normal.messages().is_empty() && ill.messages().is_empty());
    assert_eq!(guard.incident().1, ["opened", "secured"]);
}

#[test]
fn over_lmtp_each_recipient_is_answered_by_the_one_that_took_over() {
    let first = Hop::answering("DATA", Answer::Cut(20));
    let other = Hop::start();
    let secure = Hop::start();
    let hops = format!(
        "route.normal.next_hop = [\"127.0.0.1:{}\", \"127.0.0.1:{}\"]",
        first.port, other.port
    );
    let guard = Guard::by_lmtp(1, secure.port, &[&hops]);
    let replies = guard
        .lmtp_client()
        .send_each([COLLEAGUE, CITIZEN], large(8));
    assert_eq!(replies, [TAKEN, TAKEN]);
    assert_eq!((first.messages().len(), other.messages().len()), (0, 1));
}

/// One that says nothing has its part of the time, and no more.
#[test]
fn one_that_hangs_leaves_time_for_the_next() {
    let (hanging, other, secure) = (
        Hop::answering("EHLO", Answer::Stall),
        Hop::start(),
        Hop::start(),
    );
    let hops = format!(
        "route.normal.next_hop = [\"127.0.0.1:{}\", \"127.0.0.1:{}\"]",
        hanging.port, other.port
    );
    let guard = Guard::with(1, secure.port, &[&SHORT[..], &[&hops]].concat());
    assert_eq!(guard.client().send(&[CITIZEN], CLEAN), TAKEN);
    assert_eq!(other.messages().len(), 1);
}

/// The time of a reply is longer than that of the verdict, of which a host has its part wherever it hangs: not even the first message
/// is late.
#[test]
fn one_that_hangs_inside_a_transaction_is_left_for_the_next() {
    thread::scope(|scope| {
        for command in ["MAIL", "RCPT", "DATA"] {
            scope.spawn(move || {
                let (hanging, other, secure) = (
                    Hop::answering(command, Answer::Stall),
                    Hop::start(),
                    Hop::start(),
                );
                let hops = format!(
                    "route.normal.next_hop = [\"127.0.0.1:{}\", \"127.0.0.1:{}\"]",
                    hanging.port, other.port
                );
                // So much that the part of each is enough to tell that it is ill.
                let verdict = "limits.time.verdict = \"12s\"";
                let keys = [&SHORT[1..], &[&hops, verdict]].concat();
                let guard = Guard::with(1, secure.port, &keys);
                for _ in 0..2 {
                    assert_eq!(guard.client().send(&[CITIZEN], CLEAN), TAKEN, "{command}");
                }
                assert_eq!(other.messages().len(), 2, "{command}");
                // The second message was not kept waiting by it.
                assert_eq!(hanging.count(command), 1, "{command}");
                let ill = guard.told_once("a next hop is ill: it is tried last for a while");
                let trouble = ill["trouble"].as_str().unwrap();
                assert!(trouble.contains("no answer in time"), "{trouble}");
            });
        }
    });
}

/// The second came to its turn when half of the time was over.
#[test]
fn whoever_had_hardly_any_time_is_not_called_ill() {
    let hanging = [(); 2].map(|()| Hop::answering("MAIL", Answer::Stall));
    let secure = Hop::start();
    let hops = format!(
        "route.normal.next_hop = [\"127.0.0.1:{}\", \"127.0.0.1:{}\"]",
        hanging[0].port, hanging[1].port
    );
    let guard = Guard::with(1, secure.port, &[&SHORT[..], &[&hops]].concat());
    let reply = guard.client().ask("MAIL FROM:<meho@kommune.example>");
    assert!(reply.starts_with("451 4.4."), "{reply}");
    assert_eq!(hanging.map(|hop| hop.count("MAIL")), [1, 1]);
    let log = guard.log();
    assert!(!log.contains("is ill"), "{log}");
}

/// A kept connection is looked at before it is used again: that is of the host's part of the time as well.
#[test]
fn one_that_hangs_while_its_connection_is_looked_at_leaves_time_for_the_next() {
    let (hanging, other, secure) = (
        Hop::answering("RSET", Answer::Stall),
        Hop::start(),
        Hop::start(),
    );
    let hops = format!(
        "route.normal.next_hop = [\"127.0.0.1:{}\", \"127.0.0.1:{}\"]",
        hanging.port, other.port
    );
    let verdict = "limits.time.verdict = \"4s\"";
    let keys = [&SHORT[1..], &[&hops, verdict]].concat();
    let guard = Guard::with(1, secure.port, &keys);
    let mut client = guard.client();
    assert_eq!(client.send(&[CITIZEN], CLEAN), TAKEN);
    assert_eq!(hanging.messages().len(), 1);
    // One that stood for less is not looked at.
    thread::sleep(Reuse::default().probe + Duration::from_millis(100));
    assert_eq!(client.send(&[CITIZEN], CLEAN), TAKEN);
    assert_eq!(hanging.count("RSET"), 1);
    // Its listener is well, so a new connection to it does as well where that stands at once.
    assert_eq!(hanging.messages().len() + other.messages().len(), 2);
}

/// A verdict that is soon due, and replies that may take longer than it.
const SHORT: [&str; 4] = [
    "limits.time.verdict = \"8s\"",
    "limits.read.time = \"1s\"",
    "incident.patience = \"1s\"",
    "ocr.program = \"\"",
];
