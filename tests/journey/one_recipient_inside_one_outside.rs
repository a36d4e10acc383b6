//! One recipient is a colleague, the other a citizen: SMTP has one reply for both, so the strictest disposition holds.

use super::guard::Guard;
use super::hop::Hop;
use super::{CITIZEN, COLLEAGUE, CPR, TAKEN};

const IN_SUBJECT: &str = "Subject: Vedr. CPR 140562-1234\r\n\r\nHej\r\n";

#[test]
fn the_strictest_holds_for_both() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::between(&normal, &secure);
    let mut client = guard.client();
    let both = [COLLEAGUE, CITIZEN];

    assert_eq!(client.send(&[COLLEAGUE], CPR), TAKEN);
    assert_eq!(normal.messages(), [CPR.as_bytes()]);
    assert!(guard.incidents().is_empty());

    assert_eq!(client.send(&both, CPR), TAKEN);
    assert_eq!(secure.messages(), [CPR.as_bytes()]);
    let recipients = both.map(|to| format!("RCPT TO:<{to}>"));
    assert_eq!(secure.commands("RCPT"), recipients);

    let reply = client.send(&both, IN_SUBJECT);
    assert!(
        reply.starts_with("550-5.7.1 ") || reply.starts_with("550 5.7.1 "),
        "{reply}"
    );
    // Who lacked what is for the incident to tell.
    let facts = guard.facts();
    let told = facts
        .recipients
        .iter()
        .map(|it| (&*it.recipient, &*it.have, it.lacks.len()));
    let told: Vec<_> = told.collect();
    assert_eq!(told, [(CITIZEN, "none", 1), (COLLEAGUE, "inside", 0)]);
    assert_eq!((normal.messages().len(), secure.messages().len()), (1, 1));

    let [alone, together] = guard.told("passed on");
    assert_eq!(
        (&alone["disposition"], &together["disposition"]),
        (&"relay".into(), &"secure".into())
    );
    assert_eq!(guard.told_once("refused")["recipients"], 2);
    assert_eq!(guard.incidents().len(), 2);
}
