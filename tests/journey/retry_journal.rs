//! The next hop has taken a message, and its client does not hear it: the retry is known and not sent again, and nothing else is taken
//! for a retry.

use std::fs;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, mpsc};
use std::time::Duration;

use rusqlite::Connection;

use super::client::Client;
use super::guard::Guard;
use super::hop::{Answer, Hop, Word};
use super::watched::TELLS;
use super::{CITIZEN, COLLEAGUE, CPR, TAKEN};

const ALREADY: &str = "250 2.0.0 Already relayed at an earlier attempt; not sent again";
const SENDING: &str = "451 4.4.5 An earlier attempt is still being sent; try again later";
const JOURNAL: &str = "journal.file = \"retries.db\"";
const UNHEARD: &str =
    "the client may not have heard that its message was taken: a retry is expected";

fn letter(id: usize) -> String {
    format!("Message-ID: <{id}@kommune.example>\r\nSubject: Referat\r\n\r\nHermed.\r\n")
}

/// A secret one.
fn secret() -> String {
    format!("Message-ID: <s@kommune.example>\r\n{CPR}")
}

/// The client ends its message, and is gone before it hears anything.
fn vanish(guard: &Guard, mut client: Client, to: &[&str], message: &str) {
    let before = heard_not(guard);
    client.begin(to);
    client.say([message, ".\r\n"].concat());
    client.vanish();
    guard.wait_until("its loss", |guard| heard_not(guard) > before);
}

fn heard_not(guard: &Guard) -> usize {
    let entries = guard.entries();
    entries.iter().filter(|it| it["message"] == UNHEARD).count()
}

fn entries(guard: &Guard) -> i64 {
    let journal = Connection::open(guard.path("retries.db")).unwrap();
    let entries = journal.query_row("select count(*) from entry", [], |row| row.get(0));
    entries.unwrap()
}

/// A next hop whose first message waits for the test, which is told that it is there.
fn hesitant() -> (Hop, mpsc::Receiver<()>, mpsc::Sender<()>) {
    hesitant_to(Answer::AsUsual)
}

/// One that then answers so.
fn hesitant_to(said: Answer) -> (Hop, mpsc::Receiver<()>, mpsc::Sender<()>) {
    let (arrived, arrives) = mpsc::channel();
    let (answer, answers) = mpsc::channel();
    let (arrived, answers) = (Mutex::new(arrived), Mutex::new(answers));
    let first = AtomicBool::new(true);
    let hop = Hop::that(move |word| {
        if matches!(word, Word::Message) && first.swap(false, Ordering::Relaxed) {
            arrived.lock().unwrap().send(()).unwrap();
            let _ = answers.lock().unwrap().recv_timeout(Duration::from_secs(5));
            return said.clone();
        }
        Answer::AsUsual
    });
    (hop, arrives, answer)
}

#[test]
fn killed_between_the_next_hops_reply_and_ours_it_is_sent_once_and_its_incident_ends() {
    let (secure, arrives, answer) = hesitant();
    let normal = Hop::start();
    let mut guard = Guard::with(normal.port, secure.port, &[JOURNAL]);
    let mut client = guard.client();
    client.begin(&[CITIZEN]);
    client.say([&*secret(), ".\r\n"].concat());
    arrives.recv_timeout(Duration::from_secs(5)).unwrap();
    // What became of the incident cannot be noted, and until then the client is told nothing.
    let incidents = Connection::open(guard.path("incidents.db")).unwrap();
    incidents.execute_batch("begin immediate").unwrap();
    answer.send(()).unwrap();
    guard.wait_until("the entry", |guard| entries(guard) == 1);
    guard.kill();
    drop(incidents);
    assert_eq!(client.hear(), "");
    assert_eq!(guard.incident(), (None, vec!["opened"]));

    guard.resume();
    let mut client = guard.client();
    assert_eq!(client.send(&[CITIZEN], secret()), ALREADY);
    assert_eq!(secure.messages().len(), 1);
    assert_eq!(
        guard.incident(),
        (Some("secured".to_owned()), vec!["opened", "secured"])
    );
    guard.told_once("already passed on at an earlier attempt");
    // An entry pays for one retry, and its client has heard.
    client.asks("NOOP", "250 2.0.0 Ok");
    guard.wait_until("no entry", |guard| entries(guard) == 0);
    assert_eq!(client.send(&[CITIZEN], secret()), TAKEN);
    assert_eq!(secure.messages().len(), 2);
}

#[test]
fn killed_before_the_next_hops_reply_it_is_sent_again() {
    let (normal, arrives, answer) = hesitant();
    let secure = Hop::start();
    let mut guard = Guard::with(normal.port, secure.port, &[JOURNAL]);
    let mut client = guard.client();
    client.begin(&[CITIZEN]);
    client.say([&*letter(1), ".\r\n"].concat());
    arrives.recv_timeout(Duration::from_secs(5)).unwrap();
    guard.kill();
    answer.send(()).unwrap();
    guard.resume();
    assert_eq!(guard.client().send(&[CITIZEN], letter(1)), TAKEN);
    assert_eq!(normal.messages().len(), 2);
}

/// The first attempt waits for its next hop for longer than its client waits for it.
#[test]
fn a_retry_that_comes_while_the_message_is_being_sent_waits_for_what_comes_of_that() {
    let (normal, arrives, answer) = hesitant();
    let secure = Hop::start();
    let guard = Guard::with(normal.port, secure.port, &[JOURNAL]);
    let mut client = guard.client();
    client.begin(&[CITIZEN]);
    client.say([&*letter(1), ".\r\n"].concat());
    arrives.recv_timeout(Duration::from_secs(5)).unwrap();
    client.vanish();
    let mut again = guard.client();
    assert_eq!(again.send(&[CITIZEN], letter(1)), SENDING);
    let told = &guard.told_once("deferred")["error"];
    assert_eq!(
        told,
        "an earlier attempt to send this message has not come to its end"
    );
    // Somebody else's is not held up by it.
    assert_eq!(again.send(&[COLLEAGUE], letter(1)), TAKEN);
    answer.send(()).unwrap();
    guard.told_once(UNHEARD);
    assert_eq!(again.send(&[CITIZEN], letter(1)), ALREADY);
    assert_eq!(normal.messages().len(), 2);
}

/// A client that is lost without a sign tries again while its connection still seems to stand.
#[test]
fn a_retry_waits_until_it_is_known_whether_the_first_reply_was_heard() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::with(normal.port, secure.port, &[JOURNAL]);
    let mut again = guard.client();
    for (id, comes_of_it) in [(1, ALREADY), (2, TAKEN)] {
        let mut first = guard.client();
        first.begin(&[CITIZEN]);
        first.say([&*letter(id), ".\r\n"].concat());
        // It is silent after that, so nobody knows.
        assert_eq!(first.hear(), TAKEN);
        assert_eq!(again.send(&[CITIZEN], letter(id)), SENDING);
        if comes_of_it == ALREADY {
            first.vanish();
            guard.told_once(UNHEARD);
        } else {
            first.asks("NOOP", "250 2.0.0 Ok");
        }
        assert_eq!(again.send(&[CITIZEN], letter(id)), comes_of_it);
    }
}

/// Two messages in one go: when the first is answered, the second was here already, and says nothing of what was heard.
#[test]
fn of_two_messages_in_one_go_both_are_heard_by_what_comes_after_them() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::with(normal.port, secure.port, &[JOURNAL]);
    let mut client = guard.client();
    client.say(in_one_go(&[letter(1), letter(2)]));
    let replies = [(); 6].map(|()| client.hear());
    assert_eq!((&*replies[2], &*replies[5]), (TAKEN, TAKEN));
    assert_eq!(entries(&guard), 2);
    client.asks("NOOP", "250 2.0.0 Ok");
    guard.wait_until("no entry", |guard| entries(guard) == 0);
    // Both are sent once more on purpose.
    for id in [1, 2] {
        assert_eq!(client.send(&[CITIZEN], letter(id)), TAKEN);
    }
    assert_eq!(normal.messages().len(), 4);
}

#[test]
fn of_two_messages_in_one_go_neither_is_sent_again_when_their_client_is_lost() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::with(normal.port, secure.port, &[JOURNAL]);
    let mut client = guard.client();
    client.say(in_one_go(&[letter(1), letter(2)]));
    guard.wait_until("two messages", |_| normal.messages().len() == 2);
    client.vanish();
    guard.wait_until("its loss", |guard| heard_not(guard) > 0);
    let mut client = guard.client();
    for id in [1, 2] {
        assert_eq!(client.send(&[CITIZEN], letter(id)), ALREADY);
    }
    assert_eq!(normal.messages().len(), 2);
}

/// Whole transactions by BDAT, which needs no reply to go on (RFC 3030 section 2).
fn in_one_go(letters: &[String]) -> String {
    let transaction = |letter: &String| {
        format!(
            "MAIL FROM:<meho@kommune.example>\r\nRCPT TO:<{CITIZEN}>\r\nBDAT {} LAST\r\n{letter}",
            letter.len()
        )
    };
    letters.iter().map(transaction).collect()
}

#[test]
fn an_attempt_that_came_to_nothing_holds_up_no_retry() {
    for said in [
        Answer::Say("451 4.3.0 Later"),
        Answer::Say("554 5.7.1 No"),
        Answer::HangUp,
    ] {
        let (normal, arrives, answer) = hesitant_to(said);
        let secure = Hop::start();
        let guard = Guard::with(normal.port, secure.port, &[JOURNAL]);
        let (mut first, mut second) = (guard.client(), guard.client());
        first.begin(&[CITIZEN]);
        first.say([&*letter(1), ".\r\n"].concat());
        arrives.recv_timeout(Duration::from_secs(5)).unwrap();
        assert_eq!(second.send(&[CITIZEN], letter(1)), SENDING);
        answer.send(()).unwrap();
        let reply = first.hear();
        assert!(!reply.starts_with('2'), "{reply}");
        assert_eq!(second.send(&[CITIZEN], letter(1)), TAKEN);
    }
}

#[test]
fn over_lmtp_only_he_waits_to_whom_it_is_being_sent() {
    let (normal, arrives, answer) = hesitant();
    let secure = Hop::start();
    let guard = Guard::by_lmtp(normal.port, secure.port, &[JOURNAL]);
    let mut first = guard.lmtp_client();
    first.begin(&[COLLEAGUE]);
    first.say([&*letter(1), ".\r\n"].concat());
    arrives.recv_timeout(Duration::from_secs(5)).unwrap();
    let mut second = guard.lmtp_client();
    let replies = second.send_each([CITIZEN, COLLEAGUE, CITIZEN], letter(1));
    assert_eq!(replies, [TAKEN, SENDING, TAKEN]);
    answer.send(()).unwrap();
    assert_eq!(first.hear(), TAKEN);
    let recipients = normal.commands("RCPT");
    assert_eq!(recipients.last().unwrap(), &format!("RCPT TO:<{CITIZEN}>"));
    assert_eq!(normal.messages().len(), 2);
}

#[test]
fn a_retry_is_known_by_all_but_its_trace() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::with(normal.port, secure.port, &[JOURNAL]);
    vanish(&guard, guard.client(), &[CITIZEN], &letter(1));
    // Each of these is another message.
    let mut client = guard.client();
    for other in [
        letter(2),
        letter(1) + "PS\r\n",
        format!("X-Serial: 2\r\n{}", letter(1)),
    ] {
        assert_eq!(client.send(&[CITIZEN], other), TAKEN);
    }
    assert_eq!(client.send(&[COLLEAGUE], letter(1)), TAKEN);
    let again = format!(
        "Received: from mail by kommune.example; now\r\n{}",
        letter(1)
    );
    assert_eq!(client.send(&[CITIZEN], again), ALREADY);
    assert_eq!(normal.messages().len(), 5);
}

#[test]
fn two_messages_without_a_name_both_arrive() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::with(normal.port, secure.port, &[JOURNAL]);
    let report = "From: cron@kommune.example\r\nSubject: Disk\r\n\r\nDisken er fuld.\r\n";
    let mut client = guard.client();
    client.begin(&[COLLEAGUE]);
    client.say([report, ".\r\n"].concat());
    client.vanish();
    guard.told_once("passed on");
    assert_eq!(guard.client().send(&[COLLEAGUE], report), TAKEN);
    assert_eq!(normal.messages().len(), 2);
    assert_eq!(entries(&guard), 0);
}

#[test]
fn what_is_sent_again_by_a_client_that_heard_is_meant() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::with(normal.port, secure.port, &[JOURNAL]);
    let mut client = guard.client();
    for _ in 0..2 {
        assert_eq!(client.send(&[CITIZEN], letter(1)), TAKEN);
    }
    client.asks("NOOP", "250 2.0.0 Ok");
    // On another connection, and by one that says QUIT with the end of the message.
    let mut client = guard.client();
    client.begin(&[CITIZEN]);
    client.say([&*letter(1), ".\r\nQUIT\r\n"].concat());
    assert_eq!(client.hear(), TAKEN);
    assert_eq!(client.hear(), "221 2.0.0 Bye");
    guard.wait_until("no entry", |guard| entries(guard) == 0);
    assert_eq!(normal.messages().len(), 3);
}

/// QUIT, said while the message is being sent, hides that its client hung up behind it.
#[test]
fn what_a_client_said_before_the_reply_is_no_sign_that_it_heard_it() {
    let (normal, arrives, answer) = hesitant();
    let secure = Hop::start();
    let guard = Guard::with(normal.port, secure.port, &[JOURNAL]);
    let mut client = guard.client();
    client.begin(&[CITIZEN]);
    client.say([&*letter(1), ".\r\n"].concat());
    arrives.recv_timeout(Duration::from_secs(5)).unwrap();
    client.say("QUIT\r\n");
    client.vanish();
    answer.send(()).unwrap();
    guard.told_once(UNHEARD);
    assert_eq!(guard.client().send(&[CITIZEN], letter(1)), ALREADY);
    assert_eq!(normal.messages().len(), 1);
}

#[test]
fn over_lmtp_each_recipient_is_known_by_himself() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::by_lmtp(normal.port, secure.port, &[JOURNAL, TELLS]);
    vanish(&guard, guard.lmtp_client(), &[COLLEAGUE], &letter(1));
    let replies = guard
        .lmtp_client()
        .send_each([CITIZEN, COLLEAGUE], letter(1));
    assert_eq!(replies, [TAKEN, ALREADY]);
    let recipients = normal.commands("RCPT");
    assert_eq!(recipients.last().unwrap(), &format!("RCPT TO:<{CITIZEN}>"));
    assert_eq!(normal.messages().len(), 2);
    guard.told_once("already passed on at an earlier attempt");
    // It has two answers, and is one message.
    assert_eq!(guard.number("sluse_messages_total"), 2.0);
    let octets = guard.number("sluse_message_bytes_total");
    assert_eq!(
        octets,
        2.0 * f64::from(u16::try_from(letter(1).len()).unwrap())
    );
}

/// At the first attempt a next hop may have refused one recipient for now, and takes him at the second. There is one reply for both.
#[test]
fn over_smtp_the_message_is_sent_to_those_who_have_it_not() {
    let messages = AtomicUsize::new(0);
    let normal = Hop::that(move |word| {
        let is_second =
            matches!(word, Word::Message) && messages.fetch_add(1, Ordering::Relaxed) == 1;
        match is_second {
            true => Answer::Say("451 4.3.0 Later"),
            false => Answer::AsUsual,
        }
    });
    let secure = Hop::start();
    let guard = Guard::with(normal.port, secure.port, &[JOURNAL]);
    vanish(&guard, guard.client(), &[COLLEAGUE], &letter(1));
    let mut client = guard.client();
    let last = || normal.commands("RCPT").pop().unwrap();
    // It is to try again for both, and one of them still has the message.
    let both = [CITIZEN, COLLEAGUE];
    assert_eq!(client.send(&both, letter(1)), "451 4.3.0 Later");
    assert_eq!(last(), format!("RCPT TO:<{CITIZEN}>"));
    client.asks("NOOP", "250 2.0.0 Ok");
    assert_eq!(entries(&guard), 1);
    assert_eq!(client.send(&both, letter(1)), TAKEN);
    assert_eq!(last(), format!("RCPT TO:<{CITIZEN}>"));
    client.asks("NOOP", "250 2.0.0 Ok");
    guard.wait_until("no entry", |guard| entries(guard) == 0);
    // Both have heard of it: this is another message.
    assert_eq!(client.send(&both, letter(1)), TAKEN);
    assert_eq!(last(), format!("RCPT TO:<{COLLEAGUE}>"));
}

#[test]
fn a_journal_that_cannot_be_written_holds_up_no_mail() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let mut guard = Guard::with(normal.port, secure.port, &[JOURNAL]);
    fs::remove_file(guard.path("retries.db")).unwrap();
    let mut client = guard.client();
    assert_eq!(client.send(&[CITIZEN], letter(1)), TAKEN);
    // It has heard, so that the loss of the next one is not taken for its own.
    client.asks("NOOP", "250 2.0.0 Ok");
    guard.told_once(
        "the retry journal cannot be written; mail goes on, and a retry may be sent twice",
    );
    let entry = guard.told_once("passed on");
    assert!(
        entry["error"]
            .as_str()
            .unwrap()
            .contains("retries.db was removed"),
        "{entry}"
    );
    // As long as it runs, it knows without a file.
    vanish(&guard, guard.client(), &[CITIZEN], &letter(2));
    assert_eq!(guard.client().send(&[CITIZEN], letter(2)), ALREADY);
    // What it cannot make at a start, it says at the start.
    guard.kill();
    for name in ["retries.db-wal", "retries.db-shm"] {
        drop(fs::remove_file(guard.path(name)));
    }
    fs::write(
        guard.path("retries.db"),
        "no database, and longer than that of one hundred octets".repeat(9),
    )
    .unwrap();
    let started = Command::new(env!("CARGO_BIN_EXE_sluse"))
        .args(["serve", "-c"])
        .arg(guard.path("sluse.toml"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&started.stderr).into_owned();
    assert!(
        !started.status.success() && said.contains("retries.db"),
        "{said}"
    );
}

#[test]
fn a_full_journal_lets_go_of_its_oldest() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let keys = [JOURNAL, "journal.entries = 1"];
    let mut guard = Guard::with(normal.port, secure.port, &keys);
    vanish(&guard, guard.client(), &[CITIZEN], &letter(1));
    vanish(&guard, guard.client(), &[CITIZEN], &letter(2));
    guard.told_once("the retry journal is full; the oldest entries are let go, and their retries are sent again");
    guard.wait_until("one entry", |guard| entries(guard) == 1);
    guard.kill();
    guard.resume();
    let mut client = guard.client();
    assert_eq!(client.send(&[CITIZEN], letter(2)), ALREADY);
    assert_eq!(client.send(&[CITIZEN], letter(1)), TAKEN);
    assert_eq!(normal.messages().len(), 3);
}

#[test]
fn an_entry_that_is_too_old_is_dropped() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let mut guard = Guard::with(normal.port, secure.port, &[JOURNAL]);
    for id in 1..=2 {
        vanish(&guard, guard.client(), &[CITIZEN], &letter(id));
    }
    guard.kill();
    let journal = Connection::open(guard.path("retries.db")).unwrap();
    let days = |days: i64| days * 86_400;
    let older = "update entry set at = at - ?1 where id = ?2";
    assert_eq!(journal.execute(older, (days(5) + 60, 1)), Ok(1));
    assert_eq!(journal.execute(older, (days(4), 2)), Ok(1));
    guard.resume();
    guard.wait_until("one entry", |guard| entries(guard) == 1);
    let mut client = guard.client();
    assert_eq!(client.send(&[CITIZEN], letter(1)), TAKEN);
    assert_eq!(client.send(&[CITIZEN], letter(2)), ALREADY);
}

#[test]
fn nothing_in_it_tells_whose_messages_they_were() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::with(normal.port, secure.port, &[JOURNAL]);
    vanish(&guard, guard.client(), &[CITIZEN], &secret());
    let mut seen = 0;
    for name in ["retries.db", "retries.db-wal"] {
        let octets = fs::read(guard.path(name)).unwrap_or_default();
        let text = String::from_utf8_lossy(&octets).to_lowercase();
        seen += usize::from(text.contains("secure"));
        for told in ["karen", "borger", "meho", "kommune", "140562", "1234"] {
            assert!(!text.contains(told), "{told} in {name}");
        }
    }
    assert!(seen > 0, "the entry was not found");
}

/// Each would take what the other still answers for owed, and answer for a message that is sent once more on purpose.
#[test]
fn two_processes_do_not_share_a_journal() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::with(normal.port, secure.port, &[JOURNAL]);
    let config = guard.path("sluse.toml");
    let mut second = Command::new(env!("CARGO_BIN_EXE_sluse"));
    let output = second.args(["serve", "-c"]).arg(config).output().unwrap();
    assert!(!output.status.success());
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("is that of another Sluse"), "{told}");
    assert_eq!(guard.client().send(&[CITIZEN], letter(1)), TAKEN);
}
