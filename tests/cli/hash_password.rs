//! A line for the file of users, and never the password.

use std::io::{Read, Write};
use std::process::{Command, Stdio};

use super::sluse_fed;

const PASSWORD: &str = "langt-kodeord";

#[test]
fn a_password_that_is_piped_in_makes_a_line() {
    for input in ["langt-kodeord", "langt-kodeord\n", "langt-kodeord\r\n"] {
        let ran = sluse_fed(&["hash-password", "fagsystem"], input.as_bytes());
        assert_eq!((ran.code, &*ran.err), (Some(0), ""));
        let hash = ran.out.strip_prefix("fagsystem:$argon2id$v=19$").unwrap();
        assert_eq!(hash.matches('\n').count(), 1);
    }
}

#[test]
fn what_makes_no_line_is_told_without_telling_it() {
    let long = "x".repeat(1025);
    for (name, input, told) in [
        ("to ord", PASSWORD.as_bytes(), "a user is named by"),
        ("fagsystem", b"", "there is no password"),
        ("fagsystem", b"\n", "there is no password"),
        ("fagsystem", b"langt\tkodeord\n", "has a control character"),
        ("fagsystem", long.as_bytes(), "longer than 1024 octets"),
        ("fagsystem", b"langt-k\xf8deord\n", "it is text in UTF-8"),
    ] {
        let ran = sluse_fed(&["hash-password", name], input);
        assert_eq!((ran.code, &*ran.out), (Some(2), ""), "{}", ran.err);
        assert!(ran.err.contains(told), "{}", ran.err);
        assert!(!ran.err.contains("deord"), "{}", ran.err);
    }
}

/// `script` gives the program a terminal.
fn typed(lines: [&str; 2]) -> String {
    let command = format!("{} hash-password fagsystem", env!("CARGO_BIN_EXE_sluse"));
    let mut script = Command::new("script")
        .args([
            "--quiet",
            "--return",
            "--echo",
            "always",
            "--command",
            &command,
        ])
        .arg("/dev/null")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = script.stdin.take().unwrap();
    let mut output = script.stdout.take().unwrap();
    let mut told = Vec::new();
    for (question, line) in ["Password of fagsystem: ", "The same again: "]
        .iter()
        .zip(lines)
    {
        hear(&mut output, &mut told, question);
        input.write_all(format!("{line}\n").as_bytes()).unwrap();
    }
    output.read_to_end(&mut told).unwrap();
    script.wait().unwrap();
    String::from_utf8(told).unwrap()
}

fn hear(output: &mut impl Read, told: &mut Vec<u8>, question: &str) {
    while !told.ends_with(question.as_bytes()) {
        let mut octet = [0];
        assert_eq!(output.read(&mut octet).unwrap(), 1, "no {question:?}");
        told.extend(octet);
    }
}

#[test]
fn a_password_that_is_typed_is_asked_for_twice_and_not_shown() {
    let told = typed([PASSWORD, PASSWORD]);
    assert!(told.contains("\nfagsystem:$argon2id$v=19$"), "{told}");
    assert!(!told.contains(PASSWORD), "{told}");
    let told = typed([PASSWORD, "et-andet"]);
    assert!(told.contains("these were two passwords"), "{told}");
    assert!(
        !told.contains("argon2id") && !told.contains("andet"),
        "{told}"
    );
}
