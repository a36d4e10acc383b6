//! `sluse top` beside a running Sluse, and beside none.

use std::process::Command;

use super::guard::Guard;
use super::hop::Hop;
use super::{CITIZEN, CPR, TAKEN};
use crate::port::free_port;

fn top(arguments: &[&str]) -> (Option<i32>, String, String) {
    let ran = Command::new(env!("CARGO_BIN_EXE_sluse"))
        .args([&["top", "--once", "--every", "1"], arguments].concat())
        .output()
        .unwrap();
    let text = |octets| String::from_utf8(octets).unwrap();
    (ran.status.code(), text(ran.stdout), text(ran.stderr))
}

#[test]
fn what_was_done_is_shown() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let monitor = format!("127.0.0.1:{}", free_port());
    let key = format!("monitor.addresses = [\"{monitor}\"]");
    let guard = Guard::with(normal.port, secure.port, &[&key]);
    let mut client = guard.client();
    assert_eq!(client.send(&[CITIZEN], format!("{CPR}.\r\n")), TAKEN);
    let config = guard.path("sluse.toml");
    for arguments in [&["-c", config.to_str().unwrap()], &["--address", &monitor]] {
        let (code, shown, said) = top(arguments);
        assert_eq!(code, Some(0), "{said}");
        let line = |label: &str| {
            let line = shown.lines().find(|it| it.trim_start().starts_with(label));
            let line = line.unwrap_or_else(|| panic!("no {label} in\n{shown}"));
            line.split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        assert!(shown.contains(&format!("at {monitor}   ready")), "{shown}");
        assert!(line("messages").contains(&"1".to_owned()), "{shown}");
        assert!(line("by the secure way").ends_with(&["0.0".to_owned(), "1".to_owned()]));
        assert!(line("connections").ends_with(&["1".to_owned(), "open".to_owned()]));
        assert_eq!(line("secure")[2], "1", "{shown}");
        assert!(shown.lines().all(|it| it.chars().count() <= 132), "{shown}");
    }
}

#[test]
fn where_nobody_answers_that_is_said_and_what_to_look_at() {
    let nobody = format!("127.0.0.1:{}", free_port());
    let (code, shown, said) = top(&["--address", &nobody]);
    assert_eq!((code, shown.as_str()), (Some(2), ""));
    assert!(
        said.contains(&nobody) && said.contains("monitor.addresses"),
        "{said}"
    );
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::between(&normal, &secure);
    let (code, _, said) = top(&["-c", guard.path("sluse.toml").to_str().unwrap()]);
    assert_eq!(code, Some(2));
    assert!(said.contains("no `monitor.addresses`"), "{said}");
}
