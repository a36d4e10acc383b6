//! Certificates run out and are renewed: the new one is shown from the next connection on, no message is lost meanwhile, and a pair
//! that does not belong together is not taken.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use rcgen::ExtendedKeyUsagePurpose::ServerAuth;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use sluse::certificate::IdentityFiles;

use super::guard::Guard;
use super::hop::Hop;
use crate::act::tls::Authority;

const NAME: &str = "sluse.kommune.example";

type Secured = BufReader<StreamOwned<ClientConnection, TcpStream>>;

/// The next reply, which begins so.
fn hear(stream: &mut impl BufRead, begins: &str) {
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).unwrap();
        assert!(line.starts_with(begins), "{line:?} is no {begins}");
        if line.as_bytes()[3] == b' ' {
            return;
        }
    }
}

/// Connects, and goes on under TLS.
fn connect(guard: &Guard, config: &Arc<ClientConfig>) -> Secured {
    let stream = TcpStream::connect(guard.address()).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    let mut plain = BufReader::new(stream);
    hear(&mut plain, "220");
    for (said, begins) in [("EHLO x\r\n", "250"), ("STARTTLS\r\n", "220")] {
        plain.get_mut().write_all(said.as_bytes()).unwrap();
        hear(&mut plain, begins);
    }
    let name = ServerName::try_from(NAME).unwrap();
    let connection = ClientConnection::new(Arc::clone(config), name).unwrap();
    let mut secured = BufReader::new(StreamOwned::new(connection, plain.into_inner()));
    ask(&mut secured, "EHLO x", "250");
    secured
}

fn ask(stream: &mut Secured, said: &str, begins: &str) {
    stream
        .get_mut()
        .write_all(format!("{said}\r\n").as_bytes())
        .unwrap();
    hear(stream, begins);
}

/// Sends a message, and gives back the certificate it was shown.
fn send(guard: &Guard, config: &Arc<ClientConfig>) -> CertificateDer<'static> {
    let mut stream = connect(guard, config);
    ask(&mut stream, "MAIL FROM:<meho@kommune.example>", "250");
    ask(&mut stream, "RCPT TO:<karen@borger.example>", "250");
    ask(&mut stream, "DATA", "354");
    ask(&mut stream, "Subject: Referat\r\n\r\nHermed.\r\n.", "250");
    let shown = stream.get_ref().conn.peer_certificates().unwrap();
    shown[0].clone().into_owned()
}

/// Puts a pair where the guard looks for its own, and gives back the certificate.
fn install(
    guard: &Guard,
    certificate: &IdentityFiles,
    key: &IdentityFiles,
) -> CertificateDer<'static> {
    let certificate = fs::read_to_string(&certificate.certificate).unwrap();
    guard.write("own.pem", &certificate);
    guard.write("own.key", &fs::read_to_string(&key.key).unwrap());
    CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()
}

#[test]
fn under_load_no_message_is_lost_and_the_newest_is_shown() {
    let authority = Authority::new();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(authority.roots())
        .with_no_client_auth();
    let config = Arc::new(config);
    let (normal, secure) = (Hop::start(), Hop::start());
    let files = authority.issue(NAME, ServerAuth);
    let keys = [
        "listen.tls = \"required\"",
        &format!("listen.certificate = {:?}", files.certificate),
        &format!("listen.key = {:?}", files.key),
    ];
    let guard = Guard::with(normal.port, secure.port, &keys);
    guard.tell(&[
        "listen.certificate = \"own.pem\"",
        "listen.key = \"own.key\"",
    ]);
    let (sent, over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let exchanged = |guard: &Guard, message: &str, count: usize| {
        guard.wait_until(message, |guard| {
            let entries = guard.entries();
            entries.iter().filter(|it| it["message"] == message).count() == count
        });
    };
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    send(&guard, &config);
                    sent.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        for round in 1..=5 {
            let own = authority.issue(NAME, ServerAuth);
            let newest = install(&guard, &own, &own);
            guard.ask_to_reload();
            exchanged(&guard, "configuration exchanged", round);
            assert_eq!(send(&guard, &config), newest);
            sent.fetch_add(1, Ordering::Relaxed);
            // The key of another: its certificate stays.
            let other = authority.issue("other.example", ServerAuth);
            install(&guard, &own, &other);
            guard.ask_to_reload();
            exchanged(
                &guard,
                "the configuration was not exchanged: the one in force stays",
                round,
            );
            assert_eq!(send(&guard, &config), newest);
            sent.fetch_add(1, Ordering::Relaxed);
        }
        over.store(true, Ordering::Relaxed);
    });
    let sent = sent.into_inner();
    assert_eq!(normal.messages().len(), sent);
    println!(
        "{sent} messages under TLS while certificates were exchanged 5 times and refused 5 times"
    );
    let entries = guard.entries();
    let wrong = entries
        .iter()
        .find(|it| it["message"] == "wrong in the configuration");
    let wrong = wrong.unwrap()["problem"].as_str().unwrap();
    assert!(
        wrong.contains("own.key: it is not the key of the first certificate in")
            && wrong.contains("name the key that the certificate was made with"),
        "{wrong}"
    );
}
