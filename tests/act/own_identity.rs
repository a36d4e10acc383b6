//! Who we are to a next hop: our certificate where it asks for one, and our password where it was verified.

use std::path::PathBuf;
use std::sync::Arc;

use rcgen::ExtendedKeyUsagePurpose::ClientAuth;
use sluse::act::{
    AuthTrouble, Begin, Cause, Custody, Login, Phase, Reuse, Route, Tls, Verified, Way,
};
use sluse::certificate::IdentityFiles;

use super::hop::Hop;
use super::tls::Authority;
use super::{DATA, ENVELOPE, relay, route, script, spooled, wire};

const STARTTLS: &str = "
    > 220 hop
    < EHLO
    > 250-AUTH PLAIN LOGIN
    > 250 STARTTLS
    < STARTTLS
    > 220 go
    ! tls
";
const INSIDE: &str = "< EHLO\n > 250 hop\n";
const TAKEN: &str = "! message \n > 250 Ok";

fn way(port: u16, verified: Verified) -> Arc<Way> {
    let tls = Tls::Verified(verified);
    Way::new(Route { tls, ..route(port) }, Reuse::default()).unwrap()
}

fn verified(authority: &Authority, name: &str) -> Verified {
    Verified {
        name: Some(name.into()),
        authorities: Some(authority.file.clone()),
        begin: Begin::StartTls,
        identity: None,
        login: None,
    }
}

/// Logs in as `user` with the password in this file.
fn with_login(authority: &Authority, password_file: PathBuf) -> Verified {
    Verified {
        login: Some(Login {
            user: "user".into(),
            password_file,
        }),
        ..verified(authority, "hop.example")
    }
}

fn password(authority: &Authority, text: &str) -> PathBuf {
    let file = authority.folder.path().join("password");
    std::fs::write(&file, text).unwrap();
    file
}

#[tokio::test]
async fn our_certificate_is_shown_to_who_asks_for_it() {
    let authority = Authority::new();
    let server = authority.server_that_asks();
    let own = authority.issue("sluse.kommune.example", ClientAuth);
    for (identity, is_let_in) in [(Some(own), true), (None, false)] {
        let played = script(&[STARTTLS, INSIDE, ENVELOPE, DATA, TAKEN]);
        let hop = Hop::play_with(&[&played], Some(Arc::clone(&server)));
        let verified = Verified {
            identity,
            ..verified(&authority, "asks.example")
        };
        let reply = relay(&way(hop.port, verified), &spooled(b"a: b\r\n")).await;
        if is_let_in {
            assert_eq!(reply.unwrap().code(), 250);
            assert_eq!(hop.heard().messages.len(), 1);
        } else {
            assert_eq!(reply.unwrap_err().custody, Custody::Kept);
            assert_eq!(hop.heard_whatever().messages.len(), 0);
        }
    }
}

#[tokio::test]
async fn tls_from_the_first_octet_is_verified_as_well() {
    let authority = Authority::new();
    let begins = "! tls\n > 220 hop\n";
    for (name, is_good) in [("hop.example", true), ("elsewhere.example", false)] {
        let played = script(&[begins, INSIDE, ENVELOPE, DATA, TAKEN]);
        let hop = Hop::play_with(&[&played], Some(Arc::clone(&authority.server)));
        let verified = Verified {
            begin: Begin::Implicit,
            ..verified(&authority, name)
        };
        let reply = relay(&way(hop.port, verified), &spooled(b"a: b\r\n")).await;
        if is_good {
            assert_eq!(reply.unwrap().code(), 250);
            hop.heard();
        } else {
            let trouble = reply.unwrap_err();
            assert!(matches!(trouble.cause, Cause::Tls(_)), "{trouble}");
            assert!(wire(&trouble.reply()).starts_with("451 4.7.5 "));
            assert_eq!(hop.heard_whatever().lines, Vec::<String>::new());
        }
    }
}

#[tokio::test]
async fn a_password_is_told_by_what_is_offered_inside_tls() {
    let authority = Authority::new();
    let plain =
        "< EHLO\n > 250-hop\n > 250 AUTH LOGIN PLAIN\n < AUTH PLAIN AHVzZXIAc2VjcmV0\n > 235 in\n";
    let login = "< EHLO\n > 250-hop\n > 250 AUTH LOGIN CRAM-MD5\n < AUTH LOGIN\n > 334 VXNlcm5hbWU6\n < dXNlcg==\n > 334 UGFzc3dvcmQ6\n < c2VjcmV0\n > 235 in\n";
    for inside in [plain, login] {
        let played = script(&[STARTTLS, inside, ENVELOPE, DATA, TAKEN]);
        let hop = Hop::play_with(&[&played], Some(Arc::clone(&authority.server)));
        let way = way(
            hop.port,
            with_login(&authority, password(&authority, "secret\n")),
        );
        let reply = relay(&way, &spooled(b"a: b\r\n")).await;
        assert_eq!(reply.unwrap().code(), 250);
        hop.heard();
    }
}

#[tokio::test]
async fn a_password_that_is_not_taken_defers_and_is_told_to_nobody() {
    let authority = Authority::new();
    let refuses = "< EHLO\n > 250-hop\n > 250 AUTH PLAIN\n < AUTH PLAIN\n > 535 5.7.8 not AHVzZXIAc2VjcmV0 of user secret\n";
    let hangs_up =
        "< EHLO\n > 250-hop\n > 250 AUTH PLAIN\n < AUTH PLAIN\n > 421 4.7.0 AHVzZXIAc2VjcmV0\n";
    let asks_on = "< EHLO\n > 250-hop\n > 250 AUTH PLAIN\n < AUTH PLAIN\n > 334 more\n";
    for (inside, expected) in [
        (refuses, Some(AuthTrouble::Refused(535))),
        (hangs_up, Some(AuthTrouble::Refused(421))),
        // Offered in the clear alone.
        (INSIDE, Some(AuthTrouble::NotOffered)),
        (asks_on, None),
    ] {
        let played = script(&[STARTTLS, inside, "! stall"]);
        let hop = Hop::play_with(&[&played], Some(Arc::clone(&authority.server)));
        let way = way(
            hop.port,
            with_login(&authority, password(&authority, "secret")),
        );
        let trouble = relay(&way, &spooled(b"a: b\r\n")).await.unwrap_err();
        assert_eq!(
            (trouble.phase, trouble.custody),
            (Phase::Auth, Custody::Kept)
        );
        match (&trouble.cause, expected) {
            (Cause::Auth(found), Some(expected)) => {
                assert_eq!(*found, expected);
                assert!(wire(&trouble.reply()).starts_with("451 4.7.0 "));
            }
            (Cause::OutOfStep(334), None) => {}
            other => panic!("{other:?}"),
        }
        let told = format!("{trouble} {trouble:?} {way:?} {}", wire(&trouble.reply()));
        assert!(
            !told.contains("secret") && !told.contains("c2VjcmV0"),
            "{told}"
        );
        let heard = hop.heard_whatever();
        assert!(!heard.lines.iter().any(|line| line.starts_with("MAIL")));
    }
}

#[test]
fn files_that_are_no_use_are_told_by_name_and_without_what_is_in_them() {
    let authority = Authority::new();
    let own = authority.issue("sluse.kommune.example", ClientAuth);
    let other = authority.issue("other.example", ClientAuth);
    let encrypted = authority.folder.path().join("encrypted.key");
    std::fs::write(
        &encrypted,
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
    )
    .unwrap();
    let pair = |certificate: &PathBuf, key: &PathBuf| Verified {
        identity: Some(IdentityFiles {
            certificate: certificate.clone(),
            key: key.clone(),
        }),
        ..verified(&authority, "hop.example")
    };
    let missing = authority.folder.path().join("missing.key");
    for (verified, file, wrong) in [
        (
            pair(&own.certificate, &other.key),
            &other.key,
            "is not the key of the first certificate",
        ),
        (pair(&own.key, &own.key), &own.key, "holds no certificate"),
        (
            pair(&own.certificate, &own.certificate),
            &own.certificate,
            "holds no private key",
        ),
        (
            pair(&own.certificate, &encrypted),
            &encrypted,
            "its private key is encrypted",
        ),
        (pair(&own.certificate, &missing), &missing, "cannot be read"),
        (
            with_login(&authority, password(&authority, "two\nlines")),
            &authority.folder.path().join("password"),
            "more than one line",
        ),
    ] {
        let tls = Tls::Verified(verified);
        let error = Way::new(Route { tls, ..route(1) }, Reuse::default()).unwrap_err();
        let told = error.to_string();
        assert!(
            told.contains(file.to_str().unwrap()) && told.contains(wrong),
            "{told}"
        );
    }
}
