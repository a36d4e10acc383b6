//! The secure route takes longer than the client waits: after the time for a verdict nothing is sent any more, for a
//! client that has given up offers the message again.

use std::thread;
use std::time::{Duration, Instant};

use super::guard::Guard;
use super::hop::{Answer, Hop};
use super::{CITIZEN, CPR};

#[test]
fn a_verdict_that_comes_too_late_sends_nothing() {
    let normal = Hop::start();
    let secure = Hop::that(|word| {
        if word.is("RCPT") {
            thread::sleep(Duration::from_millis(2500));
        }
        Answer::AsUsual
    });
    let guard = Guard::with(
        normal.port,
        secure.port,
        &[
            "ocr.program = \"\"",
            "limits.time.verdict = \"1500ms\"",
            "limits.read.time = \"500ms\"",
            "incident.patience = \"900ms\"",
        ],
    );
    let begun = Instant::now();
    assert_eq!(
        guard.client().send(&[CITIZEN], CPR),
        "451 4.4.5 No verdict in time; the message was not sent; try again later"
    );
    assert!(begun.elapsed() < Duration::from_millis(2400));
    assert_eq!((normal.count("DATA"), secure.count("DATA")), (0, 0));
    assert_eq!(
        guard.incident(),
        (Some("deferred".to_owned()), vec!["opened", "deferred"])
    );
    let entry = guard.told_once("deferred");
    let error = entry["error"].as_str().unwrap();
    assert!(
        error.starts_with("route secure: it was too late to send the message"),
        "{error}"
    );
}
