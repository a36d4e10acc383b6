//! CR and LF that stand alone, in every way of treating them: what ends a message is one thing only, what leaves ends once, and
//! what either reading shows is found.

use super::chunks;
use super::client::stuffed;
use super::guard::Guard;
use super::hop::Hop;
use super::smuggling_attempt::{HAZARD, SMUGGLED, ends};
use super::{CITIZEN, COLLEAGUE, TAKEN};

const STRAY: &str = "550 5.6.0 A line ending in the message is not <CR><LF>, and is not taken here";
const SIGNED: &str =
    "550 5.6.0 A line ending in the message is not <CR><LF>; mending it would break the signature";

/// Line endings are made what they should be, and there is time to read a message twice.
const NORMALIZE: [&str; 3] = [
    "listen.stray_line_endings = \"normalize\"",
    "limits.read.time = \"20s\"",
    "ocr.program = \"\"",
];

/// What becomes of a message with such a sequence in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// It is passed on.
    Taken,
    /// A dot in it is refused.
    Hazard,
}

use Fate::{Hazard, Taken};

/// A sequence, whether CR or LF stands alone in it, and what becomes of it by DATA and by BDAT: kept, and normalized. On its way
/// by DATA a dot is taken from a line that begins with one; by BDAT it stays.
const SEQUENCES: &[(&str, bool, [Fate; 2], [Fate; 2])] = &[
    ("\n.\n", true, [Hazard, Hazard], [Taken, Taken]),
    ("\n.\r\n", true, [Hazard, Hazard], [Taken, Taken]),
    ("\r\n.\n", true, [Taken, Hazard], [Taken, Taken]),
    ("\n.\r", true, [Hazard, Hazard], [Taken, Taken]),
    ("\r.\n", true, [Hazard, Hazard], [Taken, Taken]),
    ("\r.\r", true, [Hazard, Hazard], [Taken, Taken]),
    ("\r.\r\n", true, [Hazard, Hazard], [Taken, Taken]),
    ("\r\n.\r", true, [Taken, Hazard], [Taken, Taken]),
    ("\r\n.\r\r\n", true, [Taken, Hazard], [Taken, Taken]),
    ("\r\r\n.\r\r\n", true, [Taken, Hazard], [Taken, Taken]),
    ("\n\r.\n\r", true, [Hazard, Hazard], [Taken, Taken]),
    ("\r\n\0.\r\n", false, [Hazard, Hazard], [Hazard, Hazard]),
    ("\r\n.\0\r\n", false, [Taken, Hazard], [Taken, Hazard]),
    ("\r\n. \r\n", false, [Taken, Taken], [Taken, Taken]),
    ("\r\n.\t\r\n", false, [Taken, Taken], [Taken, Taken]),
    ("\n\n.\r\n", true, [Hazard, Hazard], [Taken, Taken]),
    ("\n. \r\n", true, [Hazard, Hazard], [Taken, Taken]),
    ("\x0B.\x0B", false, [Hazard, Hazard], [Hazard, Hazard]),
    ("\x0C.\x0C", false, [Hazard, Hazard], [Hazard, Hazard]),
    ("\u{85}.\u{85}", false, [Hazard, Hazard], [Hazard, Hazard]),
    (
        "\u{2028}.\u{2028}",
        false,
        [Hazard, Hazard],
        [Hazard, Hazard],
    ),
    ("\r\n..\r\n", false, [Taken, Taken], [Taken, Taken]),
    ("\r\n..\n", true, [Hazard, Taken], [Taken, Taken]),
    ("\r\n..\r", true, [Hazard, Taken], [Taken, Taken]),
    ("\r\n..\r\r\n", true, [Hazard, Taken], [Taken, Taken]),
    ("\r\n..\0\r\n", false, [Hazard, Taken], [Hazard, Taken]),
];

#[test]
fn in_every_mode_what_leaves_ends_once() {
    for mode in ["keep", "normalize", "reject"] {
        let (normal, secure) = (Hop::start(), Hop::start());
        let told = format!("listen.stray_line_endings = \"{mode}\"");
        let keys = [NORMALIZE[1], NORMALIZE[2], &told];
        let guard = Guard::with(normal.port, secure.port, &keys);
        let mut client = guard.client();
        for (sequence, is_stray, kept, normalized) in SEQUENCES {
            let message = format!("Subject: x\r\n\r\nfirst{sequence}{SMUGGLED}\r\n");
            for (by, way) in ["DATA", "BDAT"].into_iter().enumerate() {
                let what = format!("{sequence:?} by {way}, {mode}");
                let expected = match mode {
                    "reject" if *is_stray => STRAY,
                    "normalize" if normalized[by] == Taken => TAKEN,
                    "keep" | "reject" if kept[by] == Taken => TAKEN,
                    _ => HAZARD,
                };
                let before = normal.wires().len();
                let reply = match way {
                    "DATA" => {
                        client.begin(&[CITIZEN]);
                        client.say(format!("{message}.\r\n"));
                        client.hear()
                    }
                    _ => chunks::send(&mut client, CITIZEN, message.as_bytes(), 1 << 20),
                };
                assert_eq!(reply, expected, "{what}");
                client.asks("NOOP", "250 2.0.0 Ok");
                let wires = normal.wires().split_off(before);
                assert_eq!(wires.len(), usize::from(expected == TAKEN), "{what}");
                for wire in wires {
                    let shown = wire.escape_ascii().to_string();
                    assert_eq!(ends(&wire), 1, "{what}: {shown}");
                    let strays = sluse::smtp::strays(&wire);
                    assert!(mode == "keep" || strays == 0, "{what}: {shown}");
                }
            }
        }
        // The one end there is, in a piece, is no end.
        let message = format!("Subject: x\r\n\r\nfirst\r\n.\r\n{SMUGGLED}\r\n.\r\n");
        assert_eq!(
            chunks::send(&mut client, CITIZEN, message.as_bytes(), 7),
            TAKEN
        );
        assert!(normal.messages().pop().unwrap() == message.as_bytes());
        assert_eq!(normal.count("MAIL FROM:<evil"), 0);
        assert!(secure.messages().is_empty());
    }
}

#[test]
fn normalized_is_what_arrives() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::with(normal.port, secure.port, &NORMALIZE);
    let mut client = guard.client();
    let came = "Subject: x\n\na\nb\rc\r\n.d\n.e\r\n";
    let arrives = "Subject: x\r\n\r\na\r\nb c\r\n.d\r\n.e\r\n";
    client.begin(&[COLLEAGUE]);
    client.say(stuffed(came.as_bytes()));
    client.say(".\r\n");
    assert_eq!(client.hear(), TAKEN);
    assert_eq!(
        chunks::send(&mut client, COLLEAGUE, came.as_bytes(), 3),
        TAKEN
    );
    assert_eq!(normal.messages(), [arrives.as_bytes(), arrives.as_bytes()]);
    let noted = guard.told::<2>("stray line endings were normalized");
    assert!(noted.iter().all(|entry| entry["strays"] == 5), "{noted:?}");
    // What has none arrives as it came, whatever it is.
    let exact = "Subject: x\r\nDKIM-Signature: v=1\r\n\r\n.\r\n\0\t \r\n";
    assert_eq!(client.send(&[COLLEAGUE], exact), TAKEN);
    assert_eq!(normal.messages().pop().unwrap(), exact.as_bytes());
}

#[test]
fn no_signature_is_broken() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::with(normal.port, secure.port, &NORMALIZE);
    let mut client = guard.client();
    for signed in [
        "DKIM-Signature: v=1; a=rsa-sha256\r\nSubject: x\r\n\r\na\nb\r\n",
        "Subject: x\r\nContent-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\na\nb\r\n--b--\r\n",
        "Subject: x\r\n\r\n-----BEGIN PGP SIGNED MESSAGE-----\r\n\r\na\nb\r\n",
    ] {
        assert_eq!(client.send(&[COLLEAGUE], signed), SIGNED, "{signed}");
        assert_eq!(
            chunks::send(&mut client, COLLEAGUE, signed.as_bytes(), 9),
            SIGNED
        );
    }
    assert_eq!((normal.count("DATA"), secure.count("DATA")), (0, 0));
    // The refusal ends one message, not the connection.
    assert_eq!(client.send(&[COLLEAGUE], super::CLEAN), TAKEN);
}

/// A part that is one only to who takes CR for a line ending: as the message leaves, nothing is found in it.
const ONLY_AS_IT_CAME: &str = "Subject: x\r\nMIME-Version: 1.0\r\n\
                               Content-Type: multipart/mixed; boundary=b\r\n\r\n\
                               --b\rContent-Transfer-Encoding: base64\r\r\
                               Q1BSLW5yLiAxNDA1NjItMTIzNC4=\r--b--\r\n";

#[test]
fn what_either_reading_shows_is_found() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::with(normal.port, secure.port, &NORMALIZE);
    let mut client = guard.client();
    let in_both = "Subject: x\r\n\r\nCPR-nr.\n140562-1234\n\r\n";
    for message in [ONLY_AS_IT_CAME, in_both] {
        assert_eq!(client.send(&[CITIZEN], message), TAKEN, "{message:?}");
    }
    let [one, both] = secure.messages().try_into().unwrap();
    assert_eq!(
        (sluse::smtp::strays(&one), sluse::smtp::strays(&both)),
        (0, 0)
    );
    assert!(normal.messages().is_empty());
    // As it leaves, it may be sent to anybody.
    assert_eq!(client.send(&[CITIZEN], one), TAKEN);
    assert_eq!(normal.messages().len(), 1);
    for (entry, found) in guard.told::<3>("passed on").iter().zip([1, 1, 0]) {
        assert_eq!(entry["finding.count"], found, "{entry}");
    }
}

#[test]
fn each_listener_has_its_own_way() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let keys = [
        "listen.addresses = []",
        "listen.lmtp_addresses = [\"127.0.0.1:0\"]",
        "listen.stray_line_endings = \"reject\"",
    ];
    let guard = Guard::with(normal.port, secure.port, &keys);
    let replies = guard
        .lmtp_client()
        .send_each([COLLEAGUE, CITIZEN], "Subject: x\r\n\r\na\nb\r\n");
    assert_eq!(replies, [STRAY, STRAY]);
    assert_eq!(normal.count("DATA"), 0);
}
