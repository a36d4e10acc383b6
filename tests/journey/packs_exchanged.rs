//! Packs are read again while mail flows: a good pack is used from the next message on, a bad one not at all, and no message
//! is lost or judged by half of each.

use std::fs;
use std::path::Path;
use std::sync::{Mutex, mpsc};
use std::thread;

use serde_json::Value;
use tempfile::TempDir;

use super::guard::Guard;
use super::hop::{Answer, Hop, Word};
use super::{CITIZEN, CLEAN, PATIENCE, TAKEN};

/// A number that only its label makes one: the label is in no shipped pack.
const NUMBER: &str = "Subject: Svar\r\n\r\nHun fik vagtkortkoden 1708641231.\r\n";

const LABEL: &str =
    "format = 1\n[[extend]]\nid = \"dk.cpr\"\nlabels.number = [\"vagtkortkode*\"]\n";

/// Somebody in the middle of a message finishes it whatever happens; each other message is whole, and sent once.
#[test]
fn a_good_pack_is_used_from_the_next_message_on() {
    let packs = packs("format = 1\n");
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = guard(&packs, &normal, &secure);
    let before = guard.told_once("packs in use")["packs"].clone();
    let mut client = guard.client();
    let mut midway = guard.client();
    assert_eq!(client.send(&[CITIZEN], NUMBER), TAKEN);
    assert_eq!((normal.messages().len(), secure.messages().len()), (1, 0));
    midway.begin(&[CITIZEN]);
    midway.say("Subject: Referat\r\n");

    write(&packs, LABEL);
    guard.ask_to_reload();
    let exchanged = guard.told_once("packs exchanged");
    assert_eq!(exchanged["before"], before);
    assert_ne!(exchanged["packs"], before);
    assert_eq!(exchanged["changed"], "dk.cpr");
    assert_eq!(
        (&exchanged["added"], &exchanged["removed"]),
        (&"".into(), &"".into())
    );
    assert_eq!(exchanged["language"], false);

    // The connection from before is the same one.
    assert_eq!(client.send(&[CITIZEN], NUMBER), TAKEN);
    assert_eq!((normal.messages().len(), secure.messages().len()), (1, 1));
    assert_eq!(midway.finish("\r\nHermed referatet.\r\n"), TAKEN);
    assert_eq!(normal.messages().len(), 2);
    let told: [Value; 3] = guard.told("passed on");
    let versions = told.map(|line| line["packs"].clone());
    assert_eq!(
        versions,
        [
            before,
            exchanged["packs"].clone(),
            exchanged["packs"].clone()
        ]
    );
    assert_eq!(guard.facts().packs.as_deref(), exchanged["packs"].as_str());
}

#[test]
fn a_bad_pack_is_refused_and_the_old_ones_stay() {
    let packs = packs(LABEL);
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = guard(&packs, &normal, &secure);
    let before = guard.told_once("packs in use")["packs"].clone();
    let mut client = guard.client();
    for (at, (bad, line, what)) in [
        (
            "format = 1\n[[extend]]\nid = \"dk.crp\"\n",
            "3:6",
            "did you mean `dk.cpr`?",
        ),
        ("format = 1\n[[extend\n", "2:", "this is not TOML"),
        // It would break an example of the shipped pack.
        (
            "format = 1\n[[extend]]\nid = \"dk.cpr\"\nremove = [\"*cpr*\"]\n",
            "cpr.toml:",
            "should be found here",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        write(&packs, bad);
        guard.ask_to_reload();
        guard.wait_until("the bad pack to be refused", |guard| {
            let entries = guard.entries();
            let refused = "the configuration was not exchanged: the one in force stays";
            let refused = entries.iter().filter(|it| it["message"] == refused);
            refused.filter(|it| it["packs"] == before).count() == at + 1
        });
        let entries = guard.entries();
        let told = entries
            .iter()
            .filter(|it| it["message"] == "wrong in the configuration");
        let mut told = told.filter_map(|it| it["problem"].as_str());
        let last = told.next_back().unwrap();
        assert!(last.contains(line) && last.contains(what), "{last}");
        assert_eq!(client.send(&[CITIZEN], NUMBER), TAKEN);
        assert_eq!(secure.messages().len(), at + 1);
    }
    // And back.
    write(&packs, LABEL);
    guard.ask_to_reload();
    assert_eq!(guard.told_once("configuration exchanged")["packs"], before);
    assert!(normal.messages().is_empty());
}

#[test]
fn no_message_is_lost_while_packs_are_exchanged() {
    let packs = packs("format = 1\n");
    let (arrived, arrives) = mpsc::channel();
    let arrived = Mutex::new(arrived);
    let normal = Hop::that(move |word| {
        if matches!(word, Word::Message) {
            let _nobody_waits = arrived.lock().unwrap().send(());
        }
        Answer::AsUsual
    });
    let secure = Hop::start();
    let guard = guard(&packs, &normal, &secure);
    let message = CLEAN.strip_suffix(".\r\n").unwrap();
    const EACH: usize = 20;
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let mut client = guard.client();
                for _ in 0..EACH {
                    assert_eq!(client.send(&[CITIZEN], message), TAKEN);
                }
            });
        }
        for round in 0..4 {
            // Mail is flowing.
            arrives.recv_timeout(PATIENCE).unwrap();
            write(
                &packs,
                if round % 2 == 0 {
                    LABEL
                } else {
                    "format = 1\n"
                },
            );
            guard.ask_to_reload();
            guard.wait_until("packs to be exchanged", |guard| {
                let entries = guard.entries();
                let exchanged = entries
                    .iter()
                    .filter(|it| it["message"] == "packs exchanged");
                exchanged.count() == round + 1
            });
        }
    });
    assert_eq!(normal.messages().len(), 3 * EACH);
    assert!(secure.messages().is_empty());
}

fn packs(text: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(&folder, text);
    folder
}

fn write(folder: &TempDir, text: &str) {
    // As an administrator should: a file that is half written is never read.
    let (new, pack) = (
        folder.path().join("ours.new"),
        folder.path().join("ours.toml"),
    );
    fs::write(&new, text).unwrap();
    fs::rename(new, pack).unwrap();
}

fn guard(packs: &TempDir, normal: &Hop, secure: &Hop) -> Guard {
    let folder: &Path = packs.path();
    let key = format!("patterns.packs = [{:?}]", folder.to_str().unwrap());
    Guard::with(normal.port, secure.port, &[&key])
}
