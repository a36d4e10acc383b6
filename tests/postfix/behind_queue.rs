//! Behind the queue: Postfix holds the message and hands it to Sluse, by `content_filter`.

use std::io::{BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crate::port::free_port;
use crate::postfix::lab::{Guard, Postfix, is_text_of, swaks};
use crate::postfix::sink::Sink;

#[test]
fn straight_to_the_next_hop() {
    let (normal, secure) = (Sink::start(), Sink::start());
    let inlet = free_port();
    let guard = Guard::start(normal.address.port(), secure.address.port());
    let filter = format!("content_filter=guard:[127.0.0.1]:{}", guard.port);
    let _postfix = Postfix::start(1, &[(inlet, &[&filter])]);

    swaks(inlet, "karen@borger.example", "01-clean.eml");
    swaks(inlet, "karen@borger.example", "05-text.eml");
    swaks(inlet, "karen@borger.example", "11-subject.eml");
    assert!(is_text_of(normal.wait(1)[0].text(), "01-clean.eml"));
    assert!(is_text_of(secure.wait(1)[0].text(), "05-text.eml"));
    // The third was refused, so Postfix tells the sender why, by the same way out.
    thread::sleep(Duration::from_millis(500));
    let incidents = guard.incidents();
    assert_eq!(incidents.len(), 2, "{incidents:?}");
}

#[test]
fn back_into_postfix() {
    let (normal, secure) = (Sink::start(), Sink::start());
    let (inlet, outlet) = (free_port(), free_port());
    let guard = Guard::start(outlet, secure.address.port());
    let filter = format!("content_filter=guard:[127.0.0.1]:{}", guard.port);
    let outlet_options = &[
        "content_filter=",
        "smtpd_authorized_xforward_hosts=127.0.0.0/8",
        "receive_override_options=no_unknown_recipient_checks",
    ];
    let _postfix = Postfix::start(
        normal.address.port(),
        &[(inlet, &[&filter]), (outlet, outlet_options)],
    );

    let load = Command::new("smtp-source")
        .args([
            "-s",
            "10",
            "-m",
            "200",
            "-l",
            "5000",
            "-N",
            "-f",
            "a@kommune.example",
            "-t",
            "u@borger.example",
        ])
        .arg(format!("127.0.0.1:{inlet}"))
        .status()
        .unwrap();
    assert!(load.success());
    let delivered = normal.wait(200);
    assert!(
        delivered
            .iter()
            .all(|delivered| delivered.text().len() > 4000)
    );
    assert!(secure.delivered().is_empty());
}

/// Postfix offers CHUNKING: what DATA cannot tell as it is, it takes by BDAT.
#[test]
fn bare_line_feeds_go_to_postfix_in_a_piece() {
    let (normal, secure) = (Sink::start(), Sink::start());
    let outlet = free_port();
    let postfix = Postfix::start(normal.address.port(), &[(outlet, &[])]);
    let guard = Guard::start(outlet, secure.address.port());
    let mut client = BufReader::new(TcpStream::connect(("127.0.0.1", guard.port)).unwrap());
    let message = "Subject: x\r\n\r\na\nb\r\n.\r\nc";
    let said = format!(
        "EHLO x\r\nMAIL FROM:<a@kommune.example>\r\nRCPT TO:<u@borger.example>\r\nBDAT {} LAST\r\n{message}QUIT\r\n",
        message.len()
    );
    client.get_mut().write_all(said.as_bytes()).unwrap();
    let mut replies = String::new();
    client.read_to_string(&mut replies).unwrap();
    assert!(replies.contains("queued as"), "{replies}");
    let text = normal.wait(1)[0].text().to_owned();
    assert_eq!(text.escape_ascii().to_string(), r"a\r\nb\r\n.\r\nc\r\n");
    // Told when the connection ends, which is kept for a while.
    let late = Instant::now() + Duration::from_secs(20);
    while !postfix.log().contains(" bdat=1 ") {
        assert!(Instant::now() < late, "{}", postfix.log());
        thread::sleep(Duration::from_millis(50));
    }
}
