//! LMTP: the secure route will not have some of the recipients. They hear its words, the others get the message, and the incident
//! tells who.

use sluse::incident::{EventKind, Outcome, Reader};

use super::guard::Guard;
use super::hop::{Answer, Hop};
use super::{CITIZEN, COLLEAGUE, CPR, TAKEN};

const NOBODY: &str = "nobody@borger.example";
const LATER: &str = "later@borger.example";
const REFUSED: &str = "550 5.1.1 No certificate for this one";
const DEFERRED: &str = "450 4.7.1 Its certificate is being fetched";

fn picky() -> Hop {
    Hop::that(|word| {
        if word.is("RCPT TO:<nobody@") {
            Answer::Say(REFUSED)
        } else if word.is("RCPT TO:<later@") {
            Answer::Say(DEFERRED)
        } else {
            Answer::AsUsual
        }
    })
}

#[test]
fn each_hears_his_own_reply() {
    let (normal, secure) = (Hop::start(), picky());
    let guard = Guard::by_lmtp(normal.port, secure.port, &[]);
    let mut client = guard.lmtp_client();
    let to = [NOBODY, COLLEAGUE, CITIZEN, LATER];
    assert_eq!(client.send_each(to, CPR), [REFUSED, TAKEN, TAKEN, DEFERRED]);
    assert_eq!(secure.messages(), [CPR.as_bytes()]);
    assert_eq!(normal.messages(), [CPR.as_bytes()]);
    assert_eq!(guard.incident().1, ["opened", "mixed"]);
    let told = shares(&guard);
    assert_eq!(
        told,
        [
            (vec![NOBODY.to_owned()], "declined"),
            (vec![CITIZEN.to_owned()], "secured"),
            (vec![LATER.to_owned()], "deferred"),
        ]
    );
    assert_eq!(guard.told_once("refused")["reply"], REFUSED);
    assert_eq!(guard.told_once("deferred")["reply"], DEFERRED);
    guard.told::<2>("passed on");
}

#[test]
fn where_it_will_have_nobody_no_message_is_sent() {
    let (normal, secure) = (Hop::start(), picky());
    let guard = Guard::by_lmtp(normal.port, secure.port, &[]);
    let mut client = guard.lmtp_client();
    let to = [LATER, COLLEAGUE, NOBODY];
    assert_eq!(client.send_each(to, CPR), [DEFERRED, TAKEN, REFUSED]);
    assert_eq!(secure.count("DATA"), 0);
    // The connection is used again, and nothing of the refused transaction is left on it.
    assert_eq!(client.send_each([CITIZEN], CPR), [TAKEN]);
    assert_eq!(secure.commands("RCPT").len(), 3);
    assert_eq!(normal.messages().len(), 1);
}

#[test]
fn a_refused_sender_is_refused_for_each() {
    let (normal, secure) = (
        Hop::start(),
        Hop::answering("MAIL", Answer::Say("550 5.7.1 Not from you")),
    );
    let guard = Guard::by_lmtp(normal.port, secure.port, &[]);
    let to = [CITIZEN, COLLEAGUE, NOBODY];
    let replies = guard.lmtp_client().send_each(to, CPR);
    assert_eq!(
        replies,
        ["550 5.7.1 Not from you", TAKEN, "550 5.7.1 Not from you"]
    );
    assert_eq!(guard.incident().1, ["opened", "declined"]);
    assert_eq!(guard.told_once("refused")["recipients"], 2);
}

/// Who got what, of the one incident there is.
fn shares(guard: &Guard) -> Vec<(Vec<String>, &'static str)> {
    let reader = Reader::open(&guard.path("incidents.db")).unwrap();
    let id = guard.incidents()[0].id.parse().unwrap();
    let story = reader.show(id).unwrap();
    let last = story.events.into_iter().next_back().unwrap().kind;
    let EventKind::Outcome(Outcome::Mixed { shares }) = last else {
        panic!("{last:?}");
    };
    let shares = shares.into_iter();
    shares
        .map(|share| (share.recipients, share.outcome.as_str()))
        .collect()
}
