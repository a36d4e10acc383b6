//! LMTP: one recipient is a colleague, the other a citizen, and each is answered alone.

use super::guard::Guard;
use super::hop::Hop;
use super::{CITIZEN, CLEAN, COLLEAGUE, CPR, TAKEN};

const IN_SUBJECT: &str = "Subject: Vedr. CPR 140562-1234\r\n\r\nHej\r\n";

fn started() -> (Hop, Hop, Guard) {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::by_lmtp(normal.port, secure.port, &[]);
    (normal, secure, guard)
}

#[test]
fn each_gets_it_by_his_own_route() {
    let (normal, secure, guard) = started();
    let mut client = guard.lmtp_client();
    for to in [[COLLEAGUE, CITIZEN], [CITIZEN, COLLEAGUE]] {
        assert_eq!(client.send_each(to, CPR), [TAKEN, TAKEN]);
        assert_eq!(normal.messages().pop().unwrap(), CPR.as_bytes());
        assert_eq!(secure.messages().pop().unwrap(), CPR.as_bytes());
    }
    // The envelope was told the normal next hop with both, and again without the citizen: nothing was sent for both.
    assert_eq!((normal.count("MAIL"), normal.count("DATA")), (4, 2));
    assert_eq!(normal.commands("RCPT")[2], format!("RCPT TO:<{COLLEAGUE}>"));
    let secured = vec![format!("RCPT TO:<{CITIZEN}>"); 2];
    assert_eq!(secure.commands("RCPT"), secured);
    let lines = guard.told::<4>("passed on");
    for line in &lines {
        assert_eq!(line["recipients"], 1, "{line}");
    }
    assert_eq!(lines[0]["transaction.id"], lines[1]["transaction.id"]);
    // Nobody else is in the incident, and the second attempt is one of the same.
    let (outcome, events) = guard.incident();
    assert_eq!(outcome.as_deref(), Some("secured"));
    assert_eq!(events, ["opened", "secured", "repeated", "secured"]);
    let facts = guard.facts();
    assert_eq!(facts.recipient_count, 1);
    assert_eq!(facts.recipients[0].recipient, CITIZEN);
}

#[test]
fn one_is_refused_and_the_other_gets_it() {
    let (normal, secure, guard) = started();
    let [citizen, colleague] = guard
        .lmtp_client()
        .send_each([CITIZEN, COLLEAGUE], IN_SUBJECT);
    assert!(citizen.starts_with("550-5.7.1 "), "{citizen}");
    assert!(citizen.contains("NOT sent to this recipient"), "{citizen}");
    assert!(
        !citizen.contains("anyone") && !citizen.contains("nogen"),
        "{citizen}"
    );
    assert_eq!(colleague, TAKEN);
    assert_eq!(normal.messages(), [IN_SUBJECT.as_bytes()]);
    assert_eq!(
        normal.commands("RCPT").pop(),
        Some(format!("RCPT TO:<{COLLEAGUE}>"))
    );
    assert!(secure.messages().is_empty());
    assert_eq!(guard.incident().1, ["opened", "refused"]);
    assert!(citizen.contains(&guard.incidents()[0].id), "{citizen}");
    assert_eq!(guard.told_once("refused")["recipients"], 1);
    assert_eq!(guard.told_once("passed on")["recipients"], 1);
}

#[test]
fn where_the_same_is_done_for_all_there_is_one_transaction() {
    let (normal, secure, guard) = started();
    let mut client = guard.lmtp_client();
    let both = [COLLEAGUE, CITIZEN];
    assert_eq!(client.send_each(both, CLEAN), [TAKEN, TAKEN]);
    // In lockstep, and never told twice.
    assert_eq!((normal.count("MAIL"), normal.count("RCPT")), (1, 2));
    let twice = [CITIZEN, "ib@borger.example", CITIZEN];
    assert_eq!(client.send_each(twice, CPR), [TAKEN, TAKEN, TAKEN]);
    assert_eq!((secure.count("MAIL"), secure.count("RCPT")), (1, 3));
    assert_eq!((normal.messages().len(), secure.messages().len()), (1, 1));
    assert_eq!(guard.facts().recipient_count, 3);
    for (line, recipients) in guard.told::<2>("passed on").iter().zip([2, 3]) {
        assert_eq!(line["recipients"], recipients);
    }
}

#[test]
fn a_recipient_unknown_at_rcpt_has_no_reply_after_the_message() {
    let normal = Hop::answering(
        "RCPT TO:<nobody@",
        super::hop::Answer::Say("550 5.1.1 Unknown"),
    );
    let secure = Hop::start();
    let guard = Guard::by_lmtp(normal.port, secure.port, &[]);
    let mut client = guard.lmtp_client();
    assert!(
        client
            .ask("MAIL FROM:<meho@kommune.example>")
            .starts_with("250")
    );
    client.asks("RCPT TO:<nobody@borger.example>", "550 5.1.1 Unknown");
    client.asks("DATA", "503 5.5.1 No valid recipients");
    client.asks(&format!("RCPT TO:<{CITIZEN}>"), "250 2.0.0 Fine");
    client.asks("DATA", "354 End data with <CR><LF>.<CR><LF>");
    assert_eq!(client.finish(CPR), TAKEN);
    client.asks("NOOP", "250 2.0.0 Ok");
    assert_eq!(secure.commands("RCPT"), [format!("RCPT TO:<{CITIZEN}>")]);
}
