//! The guard is not a leak: whatever numbers pass through it, and wherever they stand, none stands in its log, its incident
//! log, its journal or what it says.

use std::fs;

use super::guard::Guard;
use super::hop::{Answer, Hop, Word};
use super::{CITIZEN, TAKEN};
use crate::port::free_port;

/// Numbers of invented persons, each for one place.
const SUBJECT: &str = "140562-1234";
const TEXT: &str = "250557-1102";
const FILE: &str = "010190-1235";
const SENDER: &str = "230771-9005";
const RECIPIENT: &str = "280282-4508";
const GREETING: &str = "111266-9007";
const COMMAND: &str = "170864-9003";
const REPLY: &str = "021155-9004";
const CELL: &str = "140592-9000";

fn message(subject: &str) -> String {
    format!(
        "From: \"CPR {SENDER}\" <meho@kommune.example>\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nCPR-nr. {TEXT}\r\n\
         --b\r\nContent-Type: text/csv; name=\"cpr {FILE}.csv\"\r\n\
         Content-Disposition: attachment; filename=\"cpr {FILE}.csv\"\r\n\r\nCPR-nr.;Navn\r\n{CELL};Bo\r\n\
         --b\r\nContent-Type: application/x-{FILE}; name=\"{FILE}.bin\"\r\n\
         Content-Transfer-Encoding: base64\r\n\r\nAAECAwQFBgcICQoLDA0ODw==\r\n--b--\r\n"
    )
}

#[test]
fn none_of_the_numbers_is_told_anywhere() {
    // A next hop that repeats what it is told, as many do.
    let normal = Hop::that(|word| match word {
        Word::Nothing => Answer::Say("220 hop 021155-9004 ready"),
        Word::Line(line) if line.starts_with("RCPT TO:<0211") => {
            Answer::Say("550-5.1.1 <021155-9004@borger.example>\n550 5.1.1 is CPR 0211559004")
        }
        Word::Line(line) if line.starts_with("RCPT TO:<quit") => {
            Answer::Say("421 4.3.2 CPR 021155 9004, bye")
        }
        Word::Message => Answer::Say("554 5.7.1 021155-9004 is not wanted"),
        Word::Line(_) => Answer::AsUsual,
    });
    let secure = Hop::start();
    let keys = [
        "log.level = \"debug\"",
        "incident.journal = \"incidents.jsonl\"",
    ];
    let guard = Guard::with(normal.port, secure.port, &keys);
    let mut replies = Vec::new();
    let mut client = guard.client();
    replies.push(client.ask(&format!("EHLO {GREETING}")));
    replies.push(client.ask(&format!("HELP {COMMAND}")));
    replies.push(client.ask(COMMAND));
    replies.push(client.ask(&format!("XFORWARD IDENT={COMMAND} NAME={COMMAND}")));
    replies.push(client.ask(&format!("VRFY {COMMAND}")));
    replies.push(client.ask(&format!("MAIL FROM:<{SENDER}> SIZE=x")));

    let to = format!("{RECIPIENT}@borger.example");
    for subject in ["Svar", &format!("Vedr. CPR {SUBJECT}")] {
        replies.push(client.ask(&format!("MAIL FROM:<{SENDER}@kommune.example>")));
        replies.push(client.ask(&format!("RCPT TO:<{to}>")));
        replies.push(client.ask("DATA"));
        replies.push(client.finish(message(subject)));
        assert_eq!(
            secure.messages().len(),
            0,
            "the display name is not for a gateway either"
        );
        assert!(replies.last().unwrap().starts_with("550"), "{replies:?}");
    }
    let text_only = message("Svar").replace(&format!("\"CPR {SENDER}\" "), "");
    replies.push(client.send(&[CITIZEN], text_only));
    assert_eq!(secure.messages().len(), 1);
    let said_to_client = replies.join("\n");

    // What a next hop says is passed through as it is; only the log has it masked.
    client.ask("MAIL FROM:<meho@kommune.example>");
    let refused = client.ask(&format!("RCPT TO:<{REPLY}@borger.example>"));
    assert!(refused.contains("0211559004"), "{refused}");
    client.ask("RCPT TO:<quit@borger.example>");
    client.ask("RSET");
    let refused = client.send(&[CITIZEN], "Subject: x\r\n\r\ny\r\n");
    assert!(refused.starts_with("554 5.7.1 021155-9004"), "{refused}");
    client.say(format!("MAIL FROM:<{SENDER}@kommune.example>\r\n"));
    client.vanish();

    let log = guard.log();
    for told in [
        "deferred at RCPT",
        "554 5.7.1 ••••••-•••• is not wanted",
        "••••••-••••",
    ] {
        assert!(log.contains(told), "{told}");
    }
    let mut written = vec![log, said_to_client];
    for file in ["incidents.db", "incidents.db-wal", "incidents.jsonl"] {
        let octets = fs::read(guard.path(file)).unwrap();
        assert!(octets.len() > 1000, "{file} is empty");
        written.push(String::from_utf8_lossy(&octets).into_owned());
    }
    let incidents = guard.incidents();
    assert_eq!(incidents.len(), 3);
    for incident in &incidents {
        let story = std::process::Command::new(env!("CARGO_BIN_EXE_sluse"))
            .args(["incident", "show", &incident.id, "--database"])
            .arg(guard.path("incidents.db"))
            .output()
            .unwrap();
        assert!(story.status.success());
        written.push(String::from_utf8(story.stdout).unwrap());
    }
    for text in written {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        for number in [
            SUBJECT, TEXT, FILE, SENDER, RECIPIENT, GREETING, COMMAND, REPLY, CELL,
        ] {
            let number = number.replace('-', "");
            assert!(!digits.contains(&number), "{number} in {text}");
        }
    }
}

#[test]
fn not_even_where_nothing_goes_well() {
    let guard = Guard::with(free_port(), free_port(), &["log.level = \"debug\""]);
    let mut client = guard.client();
    for _ in 0..2 {
        let reply = client.ask(&format!("MAIL FROM:<{SENDER}@kommune.example>"));
        assert_ne!(reply, TAKEN);
        assert!(!reply.contains(SENDER), "{reply}");
    }
    assert!(guard.log().contains("deferred at MAIL"));
    assert!(!guard.log().contains(SENDER));
}
