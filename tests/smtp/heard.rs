//! What a client that was answered has heard, as far as it can be seen: what it had said before proves nothing.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use sluse::accept::Begin;
use tokio::sync::Semaphore;

use crate::act::tls::Authority;
use crate::smtp::client::{Changes, Client, Gate, Recorder};
use crate::smtp::tls::{READY, Secured, connector, tls};

/// What a client does once its message has ended.
struct Case {
    /// What it says before it is answered.
    before: &'static str,
    /// What it says when it has heard the replies to all of that; `None`: it is gone before it is answered.
    after: Option<&'static str>,
    /// Whether it has heard the answer to its message.
    has_heard: bool,
}

const fn case(before: &'static str, after: Option<&'static str>, has_heard: bool) -> Case {
    Case {
        before,
        after,
        has_heard,
    }
}

const CASES: &[Case] = &[
    case("", None, false),
    case("QUIT\r\n", None, false),
    case("NOOP\r\nQUIT\r\n", None, false),
    case("", Some(""), false),
    case("NOOP\r\n", Some(""), false),
    case("QUIT\r\n", Some(""), true),
    case("", Some("NOOP\r\n"), true),
    case("NOOP\r\n", Some("NOOP\r\n"), true),
    case(MANY, Some(""), false),
    case(MANY, Some("NOOP\r\n"), true),
];

macro_rules! ten_times {
    ($text:expr) => {
        concat!(
            $text, $text, $text, $text, $text, $text, $text, $text, $text, $text
        )
    };
}

/// More than is read at once where commands are waited for: 6 kB.
const MANY: &str = ten_times!(ten_times!(ten_times!("NOOP\r\n")));

/// A gate whose messages wait for their verdict until a test gives it.
async fn hesitant(authority: &Authority) -> Gate {
    Gate::open(Changes {
        tls: Some(tls(authority, Begin::Offered)),
        recorder: Recorder {
            verdicts: Arc::new(Semaphore::new(0)),
            ..Recorder::default()
        },
        ..Changes::default()
    })
    .await
}

enum Speaker {
    Plain(Client),
    Tls(Box<Secured>),
}

impl Speaker {
    async fn say(&mut self, text: &str) {
        match self {
            Self::Plain(client) => client.say(text).await,
            Self::Tls(client) => client.say(text).await,
        }
    }

    async fn hear(&mut self) -> String {
        match self {
            Self::Plain(client) => client.hear().await,
            Self::Tls(client) => client.hear().await,
        }
    }
}

#[tokio::test]
async fn what_was_said_before_the_answer_is_no_proof_that_it_was_heard() {
    let authority = Authority::new();
    for (case, is_secured) in CASES.iter().flat_map(|case| [(case, false), (case, true)]) {
        let gate = hesitant(&authority).await;
        let heard = &gate.recorder.heard;
        let journeys = Arc::strong_count(heard);
        let mut client = gate.client().await;
        let mut client = if is_secured {
            client.ask("STARTTLS", READY).await;
            let client = Secured::connect(&connector(&authority, None), client.stream).await;
            Speaker::Tls(Box::new(client.unwrap()))
        } else {
            Speaker::Plain(client)
        };
        for command in ["EHLO x", "MAIL FROM:<a@b.dk>", "RCPT TO:<c@d.dk>", "DATA"] {
            client.say(&format!("{command}\r\n")).await;
            client.hear().await;
        }
        client.say("x\r\n.\r\n").await;
        gate.recorder.noted("message of 3 to 1").await;
        client.say(case.before).await;
        let wait = || tokio::time::sleep(Duration::from_millis(50));
        match case.after {
            None => {
                drop(client);
                // It is gone for some time when the answer comes.
                wait().await;
                gate.recorder.verdicts.add_permits(1);
            }
            Some(after) => {
                wait().await;
                gate.recorder.verdicts.add_permits(1);
                for _ in 0..=case.before.lines().count() {
                    assert!(client.hear().await.starts_with('2'));
                }
                if !after.is_empty() {
                    client.say(after).await;
                    assert!(client.hear().await.starts_with('2'));
                }
                drop(client);
            }
        }
        let ended = async {
            while Arc::strong_count(heard) > journeys {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let ended = tokio::time::timeout(Duration::from_secs(10), ended).await;
        assert!(ended.is_ok(), "the connection did not end");
        let Case { before, after, .. } = case;
        let times = heard.load(Ordering::Relaxed);
        assert_eq!(
            times,
            usize::from(case.has_heard),
            "{before:?}, then {after:?}, secured: {is_secured}"
        );
    }
}

/// Whatever stands behind STARTTLS was said in the clear, perhaps by another, and is not heard after the handshake; also where it was read
/// before the session saw STARTTLS, and STARTTLS ends just where a piece of what was read does.
#[tokio::test]
async fn what_was_said_in_the_clear_behind_starttls_is_not_heard_after_the_handshake() {
    let authority = Authority::new();
    let gate = hesitant(&authority).await;
    let mut client = gate.client().await;
    for command in ["EHLO x", "MAIL FROM:<a@b.dk>", "RCPT TO:<c@d.dk>", "DATA"] {
        client.say(&format!("{command}\r\n")).await;
        client.hear().await;
    }
    client.say("x\r\n.\r\n").await;
    gate.recorder.noted("message of 3 to 1").await;
    let (noop, start, piece) = ("NOOP\r\n", "STARTTLS\r\n", 16 << 10);
    let noops = (piece - start.len()) / noop.len();
    assert_eq!(noops * noop.len() + start.len(), piece);
    client
        .say(&format!("{}{start}EHLO evil\r\n", noop.repeat(noops)))
        .await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    gate.recorder.verdicts.add_permits(1);
    for _ in 0..=noops {
        assert!(client.hear().await.starts_with('2'));
    }
    let told = client.hear().await;
    assert!(told.starts_with("421 4.7.0 Nothing may follow"), "{told}");
}

/// TLS decrypts a record at once, however few octets are asked for: what stands in it behind the message was said before the reply.
#[tokio::test]
async fn what_came_in_one_record_with_the_message_is_no_sign_that_its_reply_was_heard() {
    let authority = Authority::new();
    let gate = hesitant(&authority).await;
    let heard = &gate.recorder.heard;
    let journeys = Arc::strong_count(heard);
    let mut client = gate.client().await;
    client.ask("STARTTLS", READY).await;
    let client = Secured::connect(&connector(&authority, None), client.stream).await;
    let mut client = client.unwrap();
    client.say("EHLO x\r\n").await;
    assert!(client.hear().await.contains("CHUNKING"));
    let envelope = "MAIL FROM:<a@b.dk>\r\nRCPT TO:<c@d.dk>\r\n";
    client
        .say(&format!("{envelope}BDAT 3 LAST\r\nx\r\n{MANY}"))
        .await;
    gate.recorder.noted("message of 3 to 1").await;
    gate.recorder.verdicts.add_permits(1);
    for _ in 0..3 + MANY.lines().count() {
        assert!(client.hear().await.starts_with('2'));
    }
    drop(client);
    while Arc::strong_count(heard) > journeys {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(heard.load(Ordering::Relaxed), 0);
}
