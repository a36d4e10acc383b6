//! The next hop falls silent, at every point of the conversation: the client is told in time, and no silence holds us.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::guard::Guard;
use super::hop::{Answer, Hop, Word};
use super::{CITIZEN, CLEAN, TAKEN, large};

const LOST: &str = "451 4.4.2 The next hop was lost; nothing was sent; try again later";

/// How long each step may take here.
const TIMES: &[&str] = &[
    "limits.time.connect = \"300ms\"",
    "limits.time.next_hop = \"300ms\"",
    "limits.time.block = \"300ms\"",
    "limits.time.final_dot = \"300ms\"",
];

#[test]
fn silence_ends_in_time_wherever_it_falls() {
    let silent_at = Arc::new(Mutex::new("greeting"));
    let at = Arc::clone(&silent_at);
    let normal = Hop::that(move |word| {
        let now = match word {
            Word::Nothing => "greeting",
            Word::Message => "dot",
            Word::Line(line) => line.get(..4).unwrap_or_default(),
        };
        if now == *at.lock().unwrap() {
            Answer::Stall
        } else {
            Answer::AsUsual
        }
    });
    let secure = Hop::start();
    let guard = Guard::with(normal.port, secure.port, TIMES);
    let mut client = guard.client();
    let begun = Instant::now();
    for (point, message, cause) in [
        (
            "greeting",
            "deferred at MAIL",
            "waiting for its greeting; the message was not handed over",
        ),
        (
            "EHLO",
            "deferred at MAIL",
            "at EHLO; the message was not handed over",
        ),
        (
            "MAIL",
            "deferred at MAIL",
            "at MAIL; the message was not handed over",
        ),
        (
            "RCPT",
            "deferred at RCPT",
            "at RCPT; the message was not handed over",
        ),
        (
            "DATA",
            "deferred",
            "at DATA; the message was not handed over",
        ),
        (
            "dot",
            "deferred",
            "at the end of the message; whether the next hop has the message is not known",
        ),
    ] {
        *silent_at.lock().unwrap() = point;
        let reply = match point {
            "DATA" | "dot" => client.send(&[CITIZEN], CLEAN),
            "RCPT" => {
                assert!(
                    client
                        .ask("MAIL FROM:<meho@kommune.example>")
                        .starts_with("250")
                );
                let reply = client.ask(&format!("RCPT TO:<{CITIZEN}>"));
                client.asks("DATA", "554 5.5.1 No valid recipients");
                client.asks("RSET", "250 2.0.0 Ok");
                reply
            }
            _ => client.ask("MAIL FROM:<meho@kommune.example>"),
        };
        let expected = match point {
            "dot" => "451 4.4.2 The next hop was lost; whether it has the message is not known",
            _ => LOST,
        };
        assert_eq!(reply, expected, "{point}");
        let trouble = format!("route normal: no answer in time, {cause}");
        let entries = guard.entries();
        let told = entries.iter().any(|entry| {
            entry["message"] == message
                && (entry["trouble"] == trouble.as_str() || entry["error"] == trouble.as_str())
        });
        assert!(told, "{trouble}");
    }
    // Six times 300 ms, and not a real limit among them.
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert_eq!(normal.messages(), [CLEAN.as_bytes()], "the last only");
    *silent_at.lock().unwrap() = "nowhere";
    assert_eq!(client.send(&[CITIZEN], CLEAN), TAKEN);
    assert!(secure.messages().is_empty());
}

#[test]
fn a_next_hop_that_stops_reading_gets_no_final_dot() {
    let normal = Hop::answering("DATA", Answer::Clog);
    let secure = Hop::start();
    let guard = Guard::with(normal.port, secure.port, TIMES);
    assert_eq!(guard.client().send(&[CITIZEN], large(12)), LOST);
    assert_eq!(normal.count("DATA"), 1);
    assert_eq!(
        guard.told_once("deferred")["error"],
        "route normal: no answer in time, inside the message; the message was not handed over"
    );
    assert!(secure.messages().is_empty());
}
