//! Clients that are trusted by their passwords: whoever has a right one sends, whoever has none or a wrong one does not, no password is
//! taken in the clear, and users who are gone are gone while mail flows.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rcgen::ExtendedKeyUsagePurpose::ServerAuth;
use rustls::crypto::ring;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};

use super::client::Client;
use super::guard::Guard;
use super::hop::Hop;
use super::{CLEAN, PATIENCE, TAKEN};
use crate::act::tls::Authority;

const NAME: &str = "sluse.kommune.example";
const USER: &str = "fagsystem";
const PASSWORD: &str = "et langt kodeord, med æ";

/// `\0fagsystem\0et langt kodeord, med æ`.
const RIGHT: &str = "AUTH PLAIN AGZhZ3N5c3RlbQBldCBsYW5ndCBrb2Rlb3JkLCBtZWQgw6Y=";
const MAIL: &str = "MAIL FROM:<meho@kommune.example>";
const AUTHENTICATED: &str = "235 2.7.0 Authentication successful";
const FIRST: &str = "530 5.7.0 Authentication required";

/// A listener whose only user is [`USER`], for whoever comes from these networks.
struct Lab {
    authority: Authority,
    normal: Hop,
    guard: Guard,
    _secure: Hop,
}

impl Lab {
    fn start(trusted: &str, keys: &[&str]) -> Self {
        let authority = Authority::new();
        let (normal, secure) = (Hop::start(), Hop::start());
        let own = authority.issue(NAME, ServerAuth);
        let users = authority.file.with_file_name("users");
        std::fs::write(&users, line(USER, PASSWORD)).unwrap();
        let listen = [
            "listen.tls = \"offered\"",
            &format!("listen.certificate = {:?}", own.certificate),
            &format!("listen.key = {:?}", own.key),
            &format!("listen.users = {users:?}"),
            &format!("listen.trusted_networks = [{trusted}]"),
        ];
        let guard = Guard::with(normal.port, secure.port, &[&listen, keys].concat());
        guard.tell(&["listen.users = \"users\""]);
        Self {
            authority,
            normal,
            guard,
            _secure: secure,
        }
    }

    fn secured(&self) -> Secured {
        Secured::connect(&self.guard, &self.authority)
    }

    /// Has these users take the place of the others.
    fn exchange(&self, users: &str) {
        self.guard.write("users", users);
        self.guard.ask_to_reload();
        self.guard.told_once("configuration exchanged");
    }
}

/// What an administrator adds to the file of users.
fn line(name: &str, password: &str) -> String {
    let mut sluse = Command::new(env!("CARGO_BIN_EXE_sluse"))
        .args(["hash-password", name])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = sluse.stdin.take().unwrap();
    writeln!(input, "{password}").unwrap();
    drop(input);
    let output = sluse.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

/// A client under TLS.
struct Secured(BufReader<StreamOwned<ClientConnection, TcpStream>>);

impl Secured {
    fn connect(guard: &Guard, authority: &Authority) -> Self {
        let mut plain = BufReader::new(TcpStream::connect(guard.address()).unwrap());
        plain.get_ref().set_read_timeout(Some(PATIENCE)).unwrap();
        heard(&mut plain);
        for said in ["EHLO x\r\n", "STARTTLS\r\n"] {
            plain.get_mut().write_all(said.as_bytes()).unwrap();
            heard(&mut plain);
        }
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(authority.roots())
            .with_no_client_auth();
        let name = ServerName::try_from(NAME).unwrap();
        let connection = ClientConnection::new(Arc::new(config), name).unwrap();
        let stream = StreamOwned::new(connection, plain.into_inner());
        Self(BufReader::new(stream))
    }

    fn ask(&mut self, said: &str) -> String {
        let wire = format!("{said}\r\n");
        self.0.get_mut().write_all(wire.as_bytes()).unwrap();
        heard(&mut self.0)
    }

    fn asks(&mut self, said: &str, reply: &str) {
        assert_eq!(self.ask(said), reply, "to {said}");
    }

    /// A whole transaction.
    fn send(&mut self) {
        assert!(self.ask(MAIL).starts_with("250 "));
        assert!(
            self.ask("RCPT TO:<karen@borger.example>")
                .starts_with("250 ")
        );
        assert!(self.ask("DATA").starts_with("354 "));
        self.asks(CLEAN.strip_suffix("\r\n").unwrap(), TAKEN);
    }
}

/// The next reply, its lines joined by ` / `.
fn heard(stream: &mut impl BufRead) -> String {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).unwrap();
        let is_last = line.as_bytes().get(3) != Some(&b'-');
        lines.push(line.trim_end().to_owned());
        if is_last {
            return lines.join(" / ");
        }
    }
}

#[test]
fn whoever_has_a_right_password_sends_and_nobody_else() {
    let lab = Lab::start("", &[]);
    let mut client = lab.secured();
    assert!(client.ask("EHLO x").ends_with(" / 250 AUTH PLAIN LOGIN"));
    client.asks(MAIL, FIRST);
    for wrong in [
        // Of `fagsystem`, and of somebody who is not there.
        "AUTH PLAIN AGZhZ3N5c3RlbQBldCBrb2Rlb3Jk",
        "AUTH PLAIN AHB1bXBlcm5pY2tlbABldCBrb2Rlb3Jk",
    ] {
        client.asks(wrong, "535 5.7.8 Authentication credentials invalid");
    }
    client.asks(MAIL, FIRST);
    client.asks(RIGHT, AUTHENTICATED);
    client.send();
    client.asks(RIGHT, "503 5.5.1 You are authenticated already");
    assert_eq!(lab.normal.messages().len(), 1);

    let entry = lab.guard.told_once("the client has authenticated");
    assert_eq!(entry["span"]["user"], USER);
    let entry = lab.guard.told_once("passed on");
    let span = entry["spans"].as_array().unwrap();
    assert!(span.iter().any(|span| span["user"] == USER), "{entry}");
    let log = lab.guard.log();
    for secret in ["pumpernickel", "kodeord"] {
        assert!(!log.contains(secret), "{log}");
    }
    assert_eq!(log.matches("a user or a password that is wrong").count(), 2);
}

#[test]
fn three_wrong_passwords_are_enough_for_a_connection_and_more_for_an_address() {
    let lab = Lab::start("", &["limits.wire.auth_tries_per_client = 4"]);
    let wrong = "AUTH PLAIN AGZhZ3N5c3RlbQBldCBrb2Rlb3Jk";
    let no = "535 5.7.8 Authentication credentials invalid";
    let mut client = lab.secured();
    client.ask("EHLO x");
    (0..3).for_each(|_| client.asks(wrong, no));
    client.asks(RIGHT, "421 4.7.0 Too many failed authentications");
    let mut client = lab.secured();
    client.ask("EHLO x");
    client.asks(wrong, no);
    client.asks(
        RIGHT,
        "421 4.7.0 Too many wrong passwords from you; try again later",
    );
    assert!(lab.normal.messages().is_empty());
}

#[test]
fn strangers_have_few_seats_until_they_authenticate() {
    let lab = Lab::start("", &["limits.wire.connections_unproved = 1"]);
    let mut client = lab.secured();
    client.ask("EHLO x");
    let mut other = BufReader::new(TcpStream::connect(lab.guard.address()).unwrap());
    assert_eq!(
        heard(&mut other),
        "421 4.3.2 Too many connections; try again later"
    );
    client.asks(RIGHT, AUTHENTICATED);
    let mut other = lab.secured();
    other.ask("EHLO x");
    other.asks(RIGHT, AUTHENTICATED);
}

#[test]
fn a_stranger_is_waited_for_no_longer_because_he_talks() {
    let lab = Lab::start("", &["limits.time.command = \"2s\""]);
    let mut client = lab.secured();
    let mut proved = lab.secured();
    proved.ask("EHLO x");
    proved.asks(RIGHT, AUTHENTICATED);
    let commands = ["NOOP", "EHLO x", "RSET", MAIL].into_iter().cycle();
    let last = commands.take(100).find_map(|command| {
        thread::sleep(Duration::from_millis(200));
        let reply = client.ask(command);
        proved.asks("NOOP", "250 2.0.0 Ok");
        reply.starts_with("421").then_some(reply)
    });
    assert_eq!(last.as_deref(), Some("421 4.4.2 You took too long"));
    proved.send();
}

#[test]
fn no_password_is_taken_in_the_clear() {
    let lab = Lab::start("", &[]);
    let mut client: Client = lab.guard.client();
    assert!(!client.offers("AUTH PLAIN LOGIN"));
    client.asks(
        RIGHT,
        "538 5.7.11 No password is taken in the clear; STARTTLS first",
    );
    client.asks(MAIL, "530 5.7.0 Must issue a STARTTLS command first");
}

#[test]
fn a_trusted_network_needs_no_password() {
    let lab = Lab::start("\"127.0.0.0/8\"", &[]);
    let to = ["karen@borger.example"];
    let message = CLEAN.strip_suffix(".\r\n").unwrap();
    assert_eq!(lab.guard.client().send(&to, message), TAKEN);
    // It may have one all the same.
    let mut client = lab.secured();
    assert!(client.ask("EHLO x").ends_with(" / 250 AUTH PLAIN LOGIN"));
    client.asks(RIGHT, AUTHENTICATED);
    client.send();
    assert_eq!(lab.normal.messages().len(), 2);
}

#[test]
fn a_user_who_is_gone_ends_the_message_it_has_begun_and_no_other() {
    let lab = Lab::start("", &[]);
    let mut clients = [(); 2].map(|()| {
        let mut client = lab.secured();
        client.ask("EHLO x");
        client.asks(RIGHT, AUTHENTICATED);
        client
    });
    let [idle, midway] = &mut clients;
    idle.send();
    assert!(midway.ask(MAIL).starts_with("250 "));
    // The same password with another salt is another: it may have been exchanged because it was known to somebody.
    let other = line(USER, PASSWORD) + &line("scanner", "et helt andet");
    lab.exchange(&other);
    idle.asks(MAIL, "421 4.7.1 Messages are no longer taken from you here");
    assert!(
        midway
            .ask("RCPT TO:<karen@borger.example>")
            .starts_with("250 ")
    );
    assert!(midway.ask("DATA").starts_with("354 "));
    midway.asks(CLEAN.strip_suffix("\r\n").unwrap(), TAKEN);
    midway.asks(MAIL, "421 4.7.1 Messages are no longer taken from you here");
    let mut client = lab.secured();
    client.ask("EHLO x");
    client.asks(RIGHT, AUTHENTICATED);
    client.send();
}

#[test]
fn a_file_of_users_that_is_no_use_changes_nothing_and_is_told_with_its_line() {
    let lab = Lab::start("", &[]);
    lab.exchange(&line(USER, PASSWORD));
    let mut staying = lab.secured();
    staying.ask("EHLO x");
    staying.asks(RIGHT, AUTHENTICATED);
    lab.guard
        .write("users", &format!("# systems\n{USER}:{PASSWORD}\n"));
    lab.guard.ask_to_reload();
    lab.guard
        .told_once("the configuration was not exchanged: the one in force stays");
    staying.send();
    let entry = lab.guard.told_once("wrong in the configuration");
    let told = entry["problem"].as_str().unwrap();
    assert!(
        told.contains("users:2: what stands behind the colon is no hash")
            && told.contains("`sluse hash-password NAME`")
            && !told.contains("kodeord"),
        "{told}"
    );
}

#[test]
fn swaks_authenticates_by_both_mechanisms() {
    let lab = Lab::start("", &[]);
    let port = lab.guard.address().port().to_string();
    let swaks = |options: &[&str]| {
        let output = Command::new("swaks")
            .args(["--server", "127.0.0.1", "--port", &port])
            .args(["--from", "meho@kommune.example"])
            .args(["--to", "karen@borger.example"])
            .args(["--data", "Subject: Referat\\n\\nHermed.\\n"])
            .args(options)
            .output()
            .unwrap_or_else(|error| panic!("swaks: {error}: `tests/run` installs it"));
        String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr)
    };
    let user = ["--auth-user", USER];
    for mechanism in ["PLAIN", "LOGIN"] {
        let auth = ["--tls", "--auth", mechanism, "--auth-password", PASSWORD];
        let told = swaks(&[&auth[..], &user].concat());
        assert!(
            told.contains("<~  235 2.7.0") && told.contains(&format!("<~  {TAKEN}")),
            "{told}"
        );
        let auth = ["--tls", "--auth", mechanism, "--auth-password", "et andet"];
        let told = swaks(&[&auth[..], &user].concat());
        assert!(told.contains("<~* 535 5.7.8"), "{told}");
    }
    let auth = ["--auth", "PLAIN", "--auth-password", PASSWORD];
    let told = swaks(&[&auth[..], &user].concat());
    assert!(
        told.contains("Host did not advertise authentication"),
        "{told}"
    );
    let told = swaks(&["--tls"]);
    assert!(told.contains(&format!("<~* {FIRST}")), "{told}");
    assert_eq!(lab.normal.messages().len(), 2);
}
