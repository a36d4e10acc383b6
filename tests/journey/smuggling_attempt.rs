//! A second message hidden in the first, behind what some server somewhere takes for the end of data: either nothing is
//! passed on, or what is passed on ends once, whoever reads it.

use std::thread;
use std::time::Duration;

use super::guard::Guard;
use super::hop::Hop;
use super::{CITIZEN, TAKEN};

pub(super) const HAZARD: &str = "550 5.6.0 A dot stands alone between bare line endings, which some servers take for the end of \
                      the message";

/// What a smuggler wants to be taken for commands.
pub(super) const SMUGGLED: &str = "MAIL FROM:<evil@kommune.example>\r\nRCPT TO:<evil@borger.example>\r\nDATA\r\n\
                        Subject: y\r\n\r\nhidden";

#[test]
fn what_some_take_for_the_end_is_refused_or_ends_once() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::between(&normal, &secure);
    let mut client = guard.client();
    let mut passed = Vec::new();
    for (sequence, reply) in [
        ("\n.\n", HAZARD),
        ("\n.\r\n", HAZARD),
        ("\r\n.\n", TAKEN),
        ("\n.\r", HAZARD),
        ("\r.\n", HAZARD),
        ("\r.\r", HAZARD),
        ("\r.\r\n", HAZARD),
        ("\r\n.\r", TAKEN),
        ("\r\n.\r\r\n", TAKEN),
        ("\r\r\n.\r\r\n", TAKEN),
        ("\n\r.\n\r", HAZARD),
        ("\r\n\0.\r\n", HAZARD),
        ("\r\n.\0\r\n", TAKEN),
        ("\r\n. \r\n", TAKEN),
        ("\r\n.\t\r\n", TAKEN),
        ("\n\n.\r\n", HAZARD),
        ("\n. \r\n", HAZARD),
        ("\x0B.\x0B", HAZARD),
        ("\x0C.\x0C", HAZARD),
        ("\u{85}.\u{85}", HAZARD),
        ("\u{2028}.\u{2028}", HAZARD),
        ("\r\n..\r\n", TAKEN),
        ("\r\n..\n", HAZARD),
        ("\r\n..\r", HAZARD),
        ("\r\n..\r\r\n", HAZARD),
        ("\r\n..\0\r\n", HAZARD),
    ] {
        client.begin(&[CITIZEN]);
        // Nothing is stuffed here: these are the octets of the wire.
        client.say(format!(
            "Subject: x\r\n\r\nfirst{sequence}{SMUGGLED}\r\n.\r\n"
        ));
        assert_eq!(client.hear(), reply, "{sequence:?}");
        client.asks("NOOP", "250 2.0.0 Ok");
        if reply == TAKEN {
            passed.push(sequence);
        }
    }
    let wires = normal.wires();
    assert_eq!(wires.len(), passed.len(), "each at most once");
    for (wire, sequence) in wires.iter().zip(passed) {
        assert_eq!(
            ends(wire),
            1,
            "{sequence:?} as {:?}",
            wire.escape_ascii().to_string()
        );
    }
    assert_eq!(normal.count("MAIL FROM:<evil"), 0);
    assert!(secure.messages().is_empty());
    let refused = guard
        .entries()
        .into_iter()
        .filter(|it| it["message"] == "refused");
    for entry in refused {
        let error = entry["error"].as_str().unwrap();
        assert!(
            error.ends_with("is a dot that some servers take for its end"),
            "{error}"
        );
    }
}

/// The one end there is: what follows it is the client's own next transaction, judged like any other.
#[test]
fn after_the_real_end_there_are_two_messages() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::between(&normal, &secure);
    for (end, first) in [("\r\n.\r\n", "\r\n"), ("\r\r\n.\r\n", "\r\r\n")] {
        let mut client = guard.client();
        client.begin(&[CITIZEN]);
        client.say(format!("Subject: x\r\n\r\nfirst{end}{SMUGGLED}\r\n.\r\n"));
        for reply in [
            TAKEN,
            "250 2.0.0 Fine",
            "250 2.0.0 Fine",
            "354 End data with <CR><LF>.<CR><LF>",
            TAKEN,
        ] {
            assert_eq!(client.hear(), reply);
        }
        let messages = normal.messages();
        let [.., one, other] = messages.as_slice() else {
            panic!("{} messages", messages.len());
        };
        assert_eq!(*one, format!("Subject: x\r\n\r\nfirst{first}").into_bytes());
        assert_eq!(other, b"Subject: y\r\n\r\nhidden\r\n");
    }
    guard.told::<4>("passed on");
    assert!(secure.messages().is_empty());
}

#[test]
fn the_real_end_is_one_however_its_octets_arrive() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::between(&normal, &secure);
    let mut client = guard.client();
    let end = "\r\n.\r\n";
    for cut in 1..end.len() {
        client.begin(&[CITIZEN]);
        let (before, after) = end.split_at(cut);
        client.say(format!("Subject: x\r\n\r\ny{before}"));
        thread::sleep(Duration::from_millis(20));
        client.say(after);
        assert_eq!(client.hear(), TAKEN);
    }
    assert_eq!(normal.messages(), [b"Subject: x\r\n\r\ny\r\n"; 4]);
    assert!(secure.messages().is_empty());
}

/// How often the least strict of all receivers sees an end of data: a dot alone between two of anything that some take
/// for a line ending, whatever NUL stands before it, whatever NUL and blank behind.
pub(super) fn ends(wire: &[u8]) -> usize {
    let wire = [b"\r\n", wire].concat();
    let text = String::from_utf8(wire).unwrap().replace('\0', "");
    let is_ending = |c: char| "\r\n\x0B\x0C\u{85}\u{2028}\u{2029}".contains(c);
    let alone = |(at, _): &(usize, &str)| {
        let after = text[at + 1..].trim_start_matches([' ', '\t']);
        text[..*at].ends_with(is_ending) && after.starts_with(is_ending)
    };
    text.match_indices('.').filter(alone).count()
}
