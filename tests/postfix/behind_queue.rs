//! Behind the queue: Postfix holds the message and hands it to Sluse, by `content_filter`.

use std::process::Command;

use crate::postfix::lab::{Guard, Postfix, free_port, is_text_of, swaks};
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
    std::thread::sleep(std::time::Duration::from_millis(500));
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
