//! A next hop that fails at every point: who has the message is always known, or known to be unknown.

use std::time::{Duration, Instant};

use sluse::act::{Cause, Custody, Phase, Trouble};
use sluse::spool::Spooled;

use super::hop::Hop;
use super::{DATA, ENVELOPE, HELLO, begin, hasty, recipient, relay, script, spooled, wire};
use crate::port::free_port;

const GREETING: &str = "> 220 hop\n";
const EHLO: &str = "> 220 hop\n < EHLO\n";
const MAIL: &str = "< MAIL\n";
const MAILED: &str = "< MAIL\n > 250 Ok\n";
const RCPT: &str = "< MAIL\n > 250 Ok\n < RCPT\n";
const STALL: &str = "\n ! stall";

fn short() -> Spooled {
    spooled(b"a: b\r\n\r\nc\r\n")
}

fn long() -> Spooled {
    spooled(&b"0123456789abcde\r\n".repeat(1 << 20))
}

async fn fails(script: &str, message: &Spooled) -> Trouble {
    let hop = Hop::play(&[script]);
    let started = Instant::now();
    let trouble = relay(&hasty(hop.port), message).await.unwrap_err();
    assert!(started.elapsed() < Duration::from_millis(1500), "{trouble}");
    let heard = hop.heard_whatever();
    if trouble.custody == Custody::Kept {
        assert_eq!(heard.messages.len(), 0, "{trouble}");
    }
    trouble
}

#[tokio::test]
async fn nobody_listens() {
    let trouble = relay(&hasty(free_port()), &short()).await.unwrap_err();
    assert_eq!(trouble.phase, Phase::Connect);
    assert_eq!(trouble.custody, Custody::Kept);
    assert!(wire(&trouble.reply()).starts_with("451 4.4.1 "));
}

#[tokio::test]
async fn a_greeting_that_refuses_us_says_nothing_of_the_message() {
    for greeting in ["> 554 5.7.1 Go away", "> 421 4.3.2 Busy", "> 450 Later"] {
        let trouble = fails(greeting, &short()).await;
        assert_eq!(trouble.phase, Phase::Greeting);
        assert!(matches!(trouble.cause, Cause::Refused(_)), "{trouble}");
        assert!(wire(&trouble.reply()).starts_with("451 4.4.1 "));
    }
    let refused = "> 220 hop\n < EHLO\n > 550 No\n < HELO\n > 550 No";
    let trouble = fails(refused, &short()).await;
    assert_eq!(trouble.phase, Phase::Hello);
    assert!(wire(&trouble.reply()).starts_with("451 4.4.1 "));
}

#[tokio::test]
async fn silence_ends_in_time_and_before_the_final_dot_nothing_was_handed_over() {
    for (parts, phase) in [
        (&[""][..], Phase::Greeting),
        (&[EHLO], Phase::Hello),
        (&[HELLO, MAIL], Phase::Mail),
        (&[HELLO, RCPT], Phase::Rcpt),
        (&[HELLO, ENVELOPE, "< DATA\n"], Phase::Data),
    ] {
        let trouble = fails(&script(&[&parts.concat(), STALL]), &short()).await;
        assert_eq!(trouble.phase, phase);
        assert!(matches!(trouble.cause, Cause::Timeout), "{trouble}");
        assert_eq!(trouble.custody, Custody::Kept);
        assert!(wire(&trouble.reply()).starts_with("451 4.4.2 "));
    }
}

#[tokio::test]
async fn a_next_hop_that_hangs_up_before_the_final_dot_has_nothing() {
    for (parts, phase) in [
        (&["! cut"][..], Phase::Greeting),
        (&[GREETING], Phase::Hello),
        (&[EHLO], Phase::Hello),
        (&[HELLO, MAIL], Phase::Mail),
        (&[HELLO, MAILED], Phase::Rcpt),
        (&[HELLO, RCPT], Phase::Rcpt),
        (&[HELLO, ENVELOPE], Phase::Data),
        (&[HELLO, ENVELOPE, "< DATA\n"], Phase::Data),
        (
            &[HELLO, ENVELOPE, DATA, "! octets 100000\n"],
            Phase::Message,
        ),
        (
            &[HELLO, ENVELOPE, DATA, "! octets 100000\n ! cut"],
            Phase::Message,
        ),
    ] {
        let trouble = fails(&parts.concat(), &long()).await;
        assert_eq!(trouble.phase, phase, "{trouble}");
        assert!(
            matches!(trouble.cause, Cause::Closed | Cause::Lost(_)),
            "{trouble}"
        );
        assert_eq!(trouble.custody, Custody::Kept);
        assert!(wire(&trouble.reply()).starts_with("451 4.4.2 "));
    }
}

#[tokio::test]
async fn a_next_hop_that_stops_reading_does_not_hold_us() {
    let stops = script(&[HELLO, ENVELOPE, DATA, "! octets 100000\n ! pause"]);
    let hop = Hop::play(&[&script(&[
        &stops,
        "\n ! pause\n ! pause\n ! pause\n ! pause",
    ])]);
    let trouble = relay(&hasty(hop.port), &long()).await.unwrap_err();
    assert_eq!(trouble.phase, Phase::Message);
    assert!(matches!(trouble.cause, Cause::Timeout), "{trouble}");
    assert_eq!(trouble.custody, Custody::Kept);
    assert_eq!(hop.heard().messages.len(), 0);
}

#[tokio::test]
async fn after_the_final_dot_no_reply_means_that_the_outcome_is_unknown() {
    for after in [
        "",
        "! stall",
        "! cut",
        "> 354 go",
        "> what",
        "> 250-Ok",
        "> 25\\",
        "> 250 O\\0k",
    ] {
        let script = script(&[HELLO, ENVELOPE, DATA, "! message \n", after]);
        let trouble = fails(&script, &short()).await;
        assert_eq!(trouble.phase, Phase::FinalDot, "{after}");
        assert_eq!(trouble.custody, Custody::Unknown, "{after}");
        let reply = wire(&trouble.reply());
        assert!(reply.starts_with("451 4.4.2 ") && reply.contains("not known"));
    }
}

#[tokio::test]
async fn a_421_is_a_refusal_that_does_not_end_our_own_conversation() {
    for (parts, phase) in [
        (&[HELLO, MAIL, "> 421 4.3.2 Bye"][..], Phase::Mail),
        (&[HELLO, RCPT, "> 421 4.3.2 Bye"], Phase::Rcpt),
        (&[HELLO, ENVELOPE, "< DATA\n > 421 4.3.2 Bye"], Phase::Data),
        (&[HELLO, ENVELOPE, "> 421 4.3.2 Bye"], Phase::Data),
        (
            &[HELLO, ENVELOPE, DATA, "! message \n > 421 4.3.2 Bye"],
            Phase::FinalDot,
        ),
    ] {
        let hop = Hop::play(&[&parts.concat()]);
        let trouble = relay(&hasty(hop.port), &short()).await.unwrap_err();
        assert_eq!(trouble.phase, phase, "{trouble}");
        assert_eq!(trouble.custody, Custody::Kept);
        assert_eq!(wire(&trouble.reply()), "451 4.3.2 Bye\r\n");
        hop.heard_whatever();
    }
}

#[tokio::test]
async fn too_late_means_no_final_dot() {
    for (script, latest, phase) in [
        (script(&[HELLO, ENVELOPE, "! stall"]), 0, Phase::Data),
        (
            script(&[
                HELLO,
                ENVELOPE,
                DATA,
                "! octets 100000\n ! pause\n ! pause\n ! pause",
            ]),
            150,
            Phase::Message,
        ),
    ] {
        let hop = Hop::play(&[&script]);
        let way = hasty(hop.port);
        let mut leg = way.leg().await.unwrap();
        assert!(begin(&mut leg, "").await.unwrap().is_positive());
        let reply = leg.recipient(&recipient("b@two.example")).await;
        assert!(reply.unwrap().is_positive());
        let latest = tokio::time::Instant::now() + Duration::from_millis(latest);
        let trouble = leg.message(&long(), latest).await.unwrap_err();
        assert!(matches!(trouble.cause, Cause::TooLate), "{trouble}");
        assert_eq!((trouble.phase, trouble.custody), (phase, Custody::Kept));
        assert!(wire(&trouble.reply()).starts_with("451 4.4.5 "));
        drop(leg);
        assert_eq!(hop.heard().messages.len(), 0);
    }
}

#[tokio::test]
async fn the_log_line_says_where_and_why_and_names_nobody() {
    let script = script(&[HELLO, RCPT, "> 421 4.3.2 <010190-1234@a.example> Bye"]);
    let trouble = fails(&script, &short()).await;
    assert_eq!(
        trouble.to_string(),
        "route test: the next hop refused to go on: 421 4.3.2 <••••••-••••@a.example> Bye, at RCPT; the message was not \
         handed over"
    );
}
