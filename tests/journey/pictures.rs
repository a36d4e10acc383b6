//! Words in pictures are read on the way, each message in its turn: what is found in one decides as if it stood in the text.

use std::fs;
use std::thread;
use std::time::Duration;

use super::guard::Guard;
use super::hop::Hop;
use super::{CITIZEN, TAKEN};
use crate::ocr::{fake, message, picture, told};

fn with(name: &str, octets: Vec<u8>) -> String {
    String::from_utf8(message(&[(name, octets)])).unwrap()
}

#[test]
fn a_number_in_a_picture_goes_the_secure_way() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::between(&normal, &secure);
    let found = guard.told_once("pictures are read");
    assert!(found["languages"].as_str().unwrap().contains("dan"));
    let mut client = guard.client();
    let letter = with("brev.png", picture("brev.png"));
    assert_eq!(client.send(&[CITIZEN], &letter), TAKEN);
    let logo = with("logo.png", picture("logo.png"));
    assert_eq!(client.send(&[CITIZEN], &logo), TAKEN);
    assert!(secure.messages() == [letter.as_bytes()]);
    assert!(normal.messages() == [logo.as_bytes()]);
    let facts = guard.facts();
    let origins: Vec<_> = facts.findings.iter().map(|it| it.origin.as_str()).collect();
    assert_eq!(origins, ["brev.png (OCR)"]);
}

#[test]
fn without_tesseract_a_picture_is_a_gap_that_is_told() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::with(normal.port, secure.port, &["ocr.program = \"\""]);
    guard.told_once("pictures are not read: each is a gap");
    let letter = with("brev.png", picture("brev.png"));
    assert_eq!(guard.client().send(&[CITIZEN], &letter), TAKEN);
    // The shipped policy lets `media` pass.
    assert!(normal.messages() == [letter.as_bytes()]);
}

/// The first has all the time there is; the second would have had it, had it not waited for the first.
#[test]
fn a_message_whose_turn_comes_too_late_is_deferred() {
    let (_folder, program) = fake();
    let (normal, secure) = (Hop::start(), Hop::start());
    let program = format!("ocr.program = {program:?}");
    let keys = [
        program.as_str(),
        "ocr.workers = 1",
        "ocr.time = \"6s\"",
        "limits.read.time = \"1s\"",
        // Disks of busy machines take their time.
        "incident.patience = \"2s\"",
        "limits.time.verdict = \"10100ms\"",
    ];
    let guard = Guard::with(normal.port, secure.port, &keys);
    let replies = thread::scope(|scope| {
        let mut clients = Vec::new();
        for width in [800, 801] {
            let guard = &guard;
            let hangs = with("a.png", told(width, 600, "HANG"));
            clients.push(scope.spawn(move || guard.client().send(&[CITIZEN], &hangs)));
        }
        let replies = clients.into_iter().map(|it| it.join().unwrap());
        replies.collect::<Vec<_>>()
    });
    let deferred = replies.iter().filter(|it| it.starts_with("451 "));
    assert_eq!(deferred.count(), 1, "{replies:?}");
    assert_eq!((normal.messages().len(), secure.messages().len()), (0, 1));
    let [gap] = guard.facts().gaps.try_into().unwrap();
    assert_eq!(gap.reason, "timeout");
}

/// The text of a message is searched before its pictures are read, and what was read in them after. Two versions of the packs would be
/// of two minds about one message.
#[test]
fn packs_exchanged_while_pictures_are_read_defer_the_message() {
    let (_folder, program) = fake();
    let (normal, secure) = (Hop::start(), Hop::start());
    let packs = tempfile::tempdir().unwrap();
    let (pack, new) = (packs.path().join("ours.toml"), packs.path().join("new"));
    fs::write(&pack, "format = 1\n").unwrap();
    let keys = [
        &format!("ocr.program = {program:?}"),
        &format!("patterns.packs = [{:?}]", packs.path()),
        // Longer than packs take to be made ready on a busy machine.
        "ocr.picture_time = \"30s\"",
        "inspect.workers = 1",
    ];
    let guard = Guard::with(normal.port, secure.port, &keys);
    let reply = thread::scope(|scope| {
        let read = scope.spawn(|| {
            let says = with("a.png", told(800, 600, "SAY HANG"));
            guard.client().send(&[CITIZEN], &says)
        });
        // The message is read, and its picture begun.
        thread::sleep(Duration::from_secs(1));
        let label =
            "format = 1\n[[extend]]\nid = \"dk.cpr\"\nlabels.number = [\"vagtkortkode*\"]\n";
        fs::write(&new, label).unwrap();
        fs::rename(&new, &pack).unwrap();
        guard.ask_to_reload();
        guard.told_once("packs exchanged");
        read.join().unwrap()
    });
    assert!(reply.starts_with("451 4.3.0 "), "{reply}");
    assert_eq!((normal.messages().len(), secure.messages().len()), (0, 0));
    let says = with("a.png", told(801, 600, "SAY"));
    assert_eq!(guard.client().send(&[CITIZEN], &says), TAKEN);
    assert_eq!((normal.messages().len(), secure.messages().len()), (0, 1));
}
