//! TLS with programs that are not ours: Postfix as a client that insists on it, swaks, and OpenSSL.

use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rcgen::ExtendedKeyUsagePurpose::{ClientAuth, ServerAuth};

use crate::act::tls::Authority;
use crate::port::free_port;
use crate::postfix::lab::{Guard, Postfix, is_text_of, swaks, wait_for_port};
use crate::postfix::sink::Sink;

const NAME: &str = "sluse.kommune.example";

/// Lines of `[listen]` with a certificate for [`NAME`].
fn listen(authority: &Authority, tls: &str) -> String {
    let own = authority.issue(NAME, ServerAuth);
    format!(
        "tls = \"{tls}\"\ncertificate = {:?}\nkey = {:?}\n",
        own.certificate, own.key
    )
}

/// Postfix verifies our name and shows its own, by which it is trusted.
#[test]
fn postfix_hands_over_under_tls_and_is_known_by_its_certificate() {
    let authority = Authority::new();
    let (normal, secure) = (Sink::start(), Sink::start());
    let inlet = free_port();
    let listen = listen(&authority, "required")
        + &format!(
            "client_authorities = {:?}\nclient_names = [\"mail.kommune.example\"]\n",
            authority.file
        );
    let guard = Guard::listening(normal.address.port(), secure.address.port(), &listen);
    let filter = format!("content_filter=guard:[127.0.0.1]:{}", guard.port);
    let own = authority.issue("mail.kommune.example", ClientAuth);
    let main = format!(
        "smtp_tls_security_level = secure\nsmtp_tls_secure_cert_match = {NAME}\n\
         smtp_tls_CAfile = {}\nsmtp_tls_cert_file = {}\nsmtp_tls_key_file = {}\nsmtp_tls_loglevel = 1\n",
        authority.file.display(),
        own.certificate.display(),
        own.key.display()
    );
    let postfix = Postfix::start_with(1, &[(inlet, &[&filter])], &main);
    swaks(inlet, "karen@borger.example", "01-clean.eml");
    swaks(inlet, "karen@borger.example", "05-text.eml");
    assert!(is_text_of(normal.wait(1)[0].text(), "01-clean.eml"));
    assert!(is_text_of(secure.wait(1)[0].text(), "05-text.eml"));
    let log = postfix.log();
    assert!(
        log.contains("Verified TLS connection established to 127.0.0.1"),
        "{log}"
    );
    let log = guard.log();
    let line = log.lines().find(|line| line.contains("passed on")).unwrap();
    assert!(
        line.contains("tls=TLSv1_3") && line.contains("certificate=\"mail.kommune.example\""),
        "{line}"
    );
}

#[test]
fn swaks_sends_after_starttls_and_under_tls_from_the_start() {
    let authority = Authority::new();
    let (normal, secure) = (Sink::start(), Sink::start());
    let implicit = free_port();
    let listen = format!(
        "{}\n[listen.implicit]\naddresses = [\"127.0.0.1:{implicit}\"]\n{}",
        listen(&authority, "required"),
        listen(&authority, "implicit")
    );
    let guard = Guard::listening(normal.address.port(), secure.address.port(), &listen);
    wait_for_port(implicit, "sluse");
    let swaks = |port: u16, tls: &[&str]| {
        let output = Command::new("swaks")
            .args(["--server", "127.0.0.1", "--port", &port.to_string()])
            .args([
                "--from",
                "meho@kommune.example",
                "--to",
                "karen@borger.example",
            ])
            .args(["--data", "Subject: Referat\\n\\nHermed.\\n"])
            .args(tls)
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr)
    };
    let told = swaks(guard.port, &["--tls"]);
    assert!(
        told.contains("=== TLS started with cipher TLSv1."),
        "{told}"
    );
    let told = swaks(implicit, &["--tls-on-connect"]);
    assert!(
        told.contains("=== TLS started with cipher TLSv1."),
        "{told}"
    );
    assert_eq!(normal.wait(2).len(), 2);
    let told = swaks(guard.port, &[]);
    assert!(
        told.contains("<** 530 5.7.0 Must issue a STARTTLS command first"),
        "{told}"
    );
}

/// Postfix of a branch office logs in with a password, and one with a wrong password keeps its mail.
#[test]
fn postfix_authenticates_by_its_sasl_library() {
    let authority = Authority::new();
    let (normal, secure) = (Sink::start(), Sink::start());
    let users = authority.file.with_file_name("users");
    let made = Command::new(env!("CARGO_BIN_EXE_sluse"))
        .args(["hash-password", "filial"])
        .stdin(Stdio::piped())
        .stdout(std::fs::File::create(&users).unwrap())
        .spawn();
    let mut made = made.unwrap();
    let mut input = made.stdin.take().unwrap();
    input.write_all(b"langt-kodeord\n").unwrap();
    drop(input);
    assert!(made.wait().unwrap().success());
    let listen = listen(&authority, "required") + &format!("users = {users:?}\n");
    let guard = Guard::listening(normal.address.port(), secure.address.port(), &listen);
    let filter = format!("content_filter=guard:[127.0.0.1]:{}", guard.port);
    let login = |password: &str| {
        format!(
            "smtp_tls_security_level = encrypt\nsmtp_sasl_auth_enable = yes\n\
             smtp_sasl_tls_security_options = noanonymous\n\
             smtp_sasl_password_maps = inline:{{ {{[127.0.0.1]:{} = filial:{password}}} }}\n",
            guard.port
        )
    };
    let inlet = free_port();
    let postfix = Postfix::start_with(1, &[(inlet, &[&filter])], &login("langt-kodeord"));
    swaks(inlet, "karen@borger.example", "01-clean.eml");
    assert!(is_text_of(normal.wait(1)[0].text(), "01-clean.eml"));
    let log = guard.log();
    let line = log.lines().find(|line| line.contains("passed on")).unwrap();
    assert!(line.contains("user=\"filial\""), "{line}");
    drop(postfix);

    let inlet = free_port();
    let postfix = Postfix::start_with(1, &[(inlet, &[&filter])], &login("et-andet"));
    swaks(inlet, "karen@borger.example", "01-clean.eml");
    let refused = "SASL authentication failed; server 127.0.0.1[127.0.0.1] said: 535 5.7.8";
    let late = Instant::now() + Duration::from_secs(20);
    while !postfix.log().contains(refused) {
        assert!(Instant::now() < late, "{}", postfix.log());
        thread::sleep(Duration::from_millis(50));
    }
    assert!(postfix.queue().contains("karen@borger.example"));
    assert_eq!(normal.wait(1).len(), 1);
}

#[test]
fn openssl_verifies_us_and_gets_nothing_below_tls_1_2() {
    let authority = Authority::new();
    let (normal, secure) = (Sink::start(), Sink::start());
    let listen = listen(&authority, "offered");
    let guard = Guard::listening(normal.address.port(), secure.address.port(), &listen);
    let connect = |version: &str| {
        let mut openssl = Command::new("openssl")
            .args(["s_client", "-starttls", "smtp", "-crlf", "-quiet", "-brief"])
            .args(["-connect", &format!("127.0.0.1:{}", guard.port)])
            .args(["-verify_return_error", "-verify_hostname", NAME, "-CAfile"])
            .arg(&authority.file)
            // Old versions would not even be tried.
            .args(["-cipher", "DEFAULT@SECLEVEL=0", version])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("openssl: {error}: `tests/run` installs it"));
        let mut input = openssl.stdin.take().unwrap();
        // It may have ended already.
        drop(input.write_all(b"EHLO x\nQUIT\n"));
        let output = openssl.wait_with_output().unwrap();
        drop(input);
        String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr)
    };
    for version in ["-tls1_2", "-tls1_3"] {
        let told = connect(version);
        assert!(
            told.contains("Verification: OK") && told.contains("221 2.0.0 Bye"),
            "{version}: {told}"
        );
    }
    for version in ["-tls1", "-tls1_1"] {
        let told = connect(version);
        assert!(told.contains("alert"), "{version}: {told}");
        assert!(!told.contains("221 2.0.0 Bye"), "{version}: {told}");
    }
}
