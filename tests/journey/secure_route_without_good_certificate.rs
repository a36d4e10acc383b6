//! The secure route asks for verified TLS and does not get it: nothing is sent, there or anywhere.

use std::sync::Arc;

use super::guard::Guard;
use super::hop::{Answer, Hop};
use super::{CITIZEN, CPR, TAKEN};
use crate::act::tls::Authority;

fn gateway(authority: &Authority) -> Hop {
    let server = Arc::clone(&authority.server);
    Hop::that(move |word| {
        if word.is("EHLO") {
            Answer::Say("250-gateway\n250 STARTTLS")
        } else if word.is("STARTTLS") {
            Answer::Handshake(Arc::clone(&server))
        } else {
            Answer::AsUsual
        }
    })
}

fn guard(normal: &Hop, secure: &Hop, trusted: &Authority, name: &str) -> Guard {
    let authorities = format!(
        "route.secure.tls_authorities = \"{}\"",
        trusted.file.display()
    );
    let keys = [
        "route.secure.tls = \"verified\"",
        &format!("route.secure.tls_name = \"{name}\""),
        &authorities,
    ];
    Guard::with(normal.port, secure.port, &keys)
}

#[test]
fn nothing_is_sent_without_a_good_certificate() {
    let (trusted, other) = (Authority::new(), Authority::new());
    for (what, secure, name, cause) in [
        (
            "no TLS at all",
            Hop::start(),
            "hop.example",
            "no TLS as the route asks it: STARTTLS is not offered",
        ),
        (
            "another authority",
            gateway(&other),
            "hop.example",
            "no TLS as the route asks it: the handshake failed: ",
        ),
        (
            "another name",
            gateway(&trusted),
            "gateway.example",
            "no TLS as the route asks it: the handshake failed: ",
        ),
    ] {
        let normal = Hop::start();
        let guard = guard(&normal, &secure, &trusted, name);
        assert_eq!(
            guard.client().send(&[CITIZEN], CPR),
            "451 4.7.5 The next hop could not be verified; try again later",
            "{what}"
        );
        for command in ["MAIL", "RCPT", "DATA"] {
            assert_eq!(secure.count(command), 0, "{what}");
        }
        assert_eq!(normal.count("DATA"), 0, "{what}");
        assert_eq!(
            guard.incident(),
            (Some("deferred".to_owned()), vec!["opened", "deferred"])
        );
        let entry = guard.told_once("deferred");
        let error = entry["error"].as_str().unwrap();
        assert!(
            error.starts_with(&format!("route secure: {cause}"))
                && error.ends_with("at STARTTLS; the message was not handed over"),
            "{error}"
        );
    }
}

#[test]
fn with_a_good_one_it_goes() {
    let authority = Authority::new();
    let (normal, secure) = (Hop::start(), gateway(&authority));
    let guard = guard(&normal, &secure, &authority, "hop.example");
    assert_eq!(guard.client().send(&[CITIZEN], CPR), TAKEN);
    assert_eq!(secure.messages(), [CPR.as_bytes()]);
    assert_eq!(normal.count("DATA"), 0);
    guard.told_once("passed on");
}
