//! TLS of clients: nothing said in the clear counts inside it, and who must show a certificate does.

use std::sync::Arc;
use std::time::Duration;

use rcgen::ExtendedKeyUsagePurpose::{ClientAuth, ServerAuth};
use rustls::ClientConfig;
use rustls::crypto::ring;
use rustls::pki_types::ServerName;
use rustls::version::{TLS12, TLS13};
use sluse::accept::{Begin, Clients, Terms, Tls};
use sluse::certificate::{Identity, IdentityFiles};
use sluse::limits::{TimeLimits, WireLimits};
use sluse::smtp::{Event, Offers, Protocol, Reply, Session, StartTls};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::act::tls::Authority;
use crate::smtp::client::{Changes, Gate};

pub(super) const READY: &str = "220 2.0.0 Ready to start TLS";
const EHLO: &str = "EHLO x\r\n";
const FIRST: &str = "503 5.5.1 Send EHLO first\r\n";

/// A listener with a certificate for `mx.example`.
pub(super) fn tls(authority: &Authority, begin: Begin) -> Tls {
    Tls {
        begin,
        identity: authority.issue("mx.example", ServerAuth),
        clients: None,
    }
}

/// One that trusts clients by their certificates alone.
fn knowing(authority: &Authority, begin: Begin, names: &[&str]) -> Tls {
    Tls {
        clients: Some(Clients {
            authorities: authority.file.clone(),
            names: names.iter().map(|&name| name.into()).collect(),
        }),
        ..tls(authority, begin)
    }
}

async fn gate(tls: Tls) -> Gate {
    Gate::open(Changes {
        tls: Some(tls),
        time: TimeLimits {
            handshake: Duration::from_millis(500),
            ..TimeLimits::default()
        },
        ..Changes::default()
    })
    .await
}

/// What a client of this authority does, which shows a certificate where it has one.
pub(super) fn connector(authority: &Authority, own: Option<&IdentityFiles>) -> TlsConnector {
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&TLS12, &TLS13])
        .unwrap()
        .with_root_certificates(authority.roots());
    let config = match own {
        None => config.with_no_client_auth(),
        Some(own) => config.with_client_cert_resolver(Identity::read(own).unwrap().resolver()),
    };
    TlsConnector::from(Arc::new(config))
}

/// A client under TLS.
pub(super) struct Secured(TlsStream<TcpStream>);

impl Secured {
    pub(super) async fn connect(
        connector: &TlsConnector,
        stream: TcpStream,
    ) -> std::io::Result<Self> {
        let name = ServerName::try_from("mx.example").unwrap();
        let stream = timeout(Duration::from_secs(10), connector.connect(name, stream)).await;
        Ok(Self(stream.unwrap()?))
    }

    /// After STARTTLS.
    async fn start(gate: &Gate, connector: &TlsConnector) -> std::io::Result<Self> {
        let mut client = gate.client().await;
        client.ask("STARTTLS", READY).await;
        Self::connect(connector, client.stream).await
    }

    pub(super) async fn say(&mut self, text: &str) {
        self.0.write_all(text.as_bytes()).await.unwrap();
        self.0.flush().await.unwrap();
    }

    /// The next reply; nothing when the other side has gone.
    pub(super) async fn hear(&mut self) -> String {
        let mut heard = Vec::new();
        loop {
            let lines = String::from_utf8(heard.clone()).unwrap();
            let last = lines.lines().next_back().unwrap_or_default();
            if lines.ends_with("\r\n") && last.get(3..4) == Some(" ") {
                return lines;
            }
            let mut octet = [0];
            match timeout(Duration::from_secs(10), self.0.read(&mut octet)).await {
                Ok(Ok(1)) => heard.extend(octet),
                Ok(_) => return lines,
                Err(_) => panic!("nothing came after {lines:?}"),
            }
        }
    }

    pub(super) async fn ask(&mut self, command: &str) -> String {
        self.say(&format!("{command}\r\n")).await;
        self.hear().await
    }

    /// A whole transaction.
    async fn send(&mut self) {
        assert!(self.ask("EHLO client.example").await.starts_with("250-"));
        for command in ["MAIL FROM:<a@b.dk>", "RCPT TO:<c@d.dk>"] {
            assert_eq!(self.ask(command).await, "250 2.1.0 Fine\r\n");
        }
        assert!(self.ask("DATA").await.starts_with("354 "));
        assert_eq!(
            self.ask("Subject: x\r\n\r\ny\r\n.").await,
            "250 2.0.0 Taken\r\n"
        );
    }
}

#[tokio::test]
async fn a_message_goes_under_tls_that_begins_when_it_is_asked_for_or_at_once() {
    let authority = Authority::new();
    for begin in [Begin::Offered, Begin::Required, Begin::Implicit] {
        let gate = gate(tls(&authority, begin)).await;
        let connector = connector(&authority, None);
        let mut client = if begin == Begin::Implicit {
            let stream = TcpStream::connect(gate.address).await.unwrap();
            let mut client = Secured::connect(&connector, stream).await.unwrap();
            assert_eq!(client.hear().await, "220 mx.example ESMTP Sluse\r\n");
            client
        } else {
            Secured::start(&gate, &connector).await.unwrap()
        };
        client.send().await;
        assert_eq!(client.ask("QUIT").await, "221 2.0.0 Bye\r\n");
        // The farewell of TLS: nobody cut the line.
        assert_eq!(client.0.read(&mut [0]).await.unwrap(), 0);
        gate.recorder.noted("message of 17 to 1").await;
    }
}

#[tokio::test]
async fn nothing_said_in_the_clear_counts_after_the_handshake() {
    let authority = Authority::new();
    let gate = gate(tls(&authority, Begin::Offered)).await;
    let mut client = gate.client().await;
    client.ask("XFORWARD IDENT=INJECTED", "250 2.0.0 Ok").await;
    client.ask("STARTTLS", READY).await;
    let connector = connector(&authority, None);
    let mut client = Secured::connect(&connector, client.stream).await.unwrap();
    assert_eq!(client.ask("MAIL FROM:<a@b.dk>").await, FIRST);
    assert!(!client.ask("EHLO client.example").await.contains("STARTTLS"));
    assert_eq!(
        client.ask("STARTTLS").await,
        "503 5.5.1 TLS is already in use\r\n"
    );
    assert_eq!(client.ask("MAIL FROM:<a@b.dk>").await, "250 2.1.0 Fine\r\n");
    let lines = gate.recorder.lines();
    assert_eq!(lines, ["depart", "begin <a@b.dk>"], "no ident of before");
}

/// What somebody on the way puts behind STARTTLS, in the same segment or in the next, is never a command (CVE-2011-0411).
#[tokio::test]
async fn octets_behind_starttls_end_the_connection() {
    let authority = Authority::new();
    for injected in [
        "RSET\r\n",
        "EHLO x\r\nMAIL FROM:<a@b.dk>\r\nRCPT TO:<c@d.dk>\r\nDATA\r\n",
        "\r\n",
        "N",
        "\u{16}\u{3}\u{1}",
    ] {
        let gate = gate(tls(&authority, Begin::Offered)).await;
        let mut client = gate.client().await;
        client.say(format!("STARTTLS\r\n{injected}")).await;
        client
            .hears("421 4.7.0 Nothing may follow STARTTLS before the handshake")
            .await;
        client.hears_the_end().await;
        assert_eq!(gate.recorder.lines(), ["depart"], "{injected:?}");
    }
    for late in ["EHLO x\r\nMAIL FROM:<a@b.dk>\r\n", "RSET\r\n"] {
        let gate = gate(tls(&authority, Begin::Offered)).await;
        let mut client = gate.client().await;
        client.ask("STARTTLS", READY).await;
        client.say(late).await;
        // An alert of TLS perhaps, and no reply.
        assert!(!client.hear().await.contains("250"));
        client.hears_the_end().await;
        assert_eq!(gate.recorder.lines(), ["depart"], "{late:?}");
    }
}

#[test]
fn no_cut_of_the_octets_makes_a_command_of_what_follows_starttls() {
    let wire = b"EHLO x\r\nSTARTTLS\r\nEHLO y\r\nMAIL FROM:<a@b.dk>\r\n";
    for cut in 0..wire.len() {
        let limits = WireLimits::default();
        let session = Session::new("mx.example", &limits, Offers::default(), Protocol::Smtp);
        let mut session = session.with_tls(StartTls::Required);
        let mut last = String::new();
        for mut piece in [&wire[..cut], &wire[cut..]] {
            loop {
                match session.next(&mut piece) {
                    Event::More => break,
                    Event::Mail(..) => panic!("cut at {cut}"),
                    Event::Close(reply) => assert_eq!(reply, Reply::STARTTLS_PIPELINED),
                    event => last = format!("{event:?}"),
                }
            }
        }
        let is_after = cut == EHLO.len() + "STARTTLS\r\n".len();
        assert_eq!(last == "StartTls", is_after, "cut at {cut}: {last}");
        session.secured();
        let Event::Reply(reply) = session.next(&mut &b"MAIL FROM:<a@b.dk>\r\n"[..]) else {
            panic!("cut at {cut}");
        };
        assert_eq!(reply, Reply::EHLO_FIRST);
    }
}

#[tokio::test]
async fn a_handshake_that_is_none_or_takes_too_long_is_cut() {
    let authority = Authority::new();
    for begin in [Begin::Offered, Begin::Implicit] {
        for said in ["", "\u{16}", "HELP\r\n"] {
            let gate = gate(tls(&authority, begin)).await;
            let mut client = gate.stranger().await;
            if begin == Begin::Offered {
                client = gate.client().await;
                client.ask("STARTTLS", READY).await;
            }
            client.say(said).await;
            let mut heard = Vec::new();
            let end = client.stream.read_to_end(&mut heard);
            drop(timeout(Duration::from_secs(10), end).await.unwrap());
            // Nothing, or an alert of TLS: no SMTP in the clear.
            assert!(!heard.is_ascii() || heard.len() < 8, "{heard:?}");
        }
    }
}

#[tokio::test]
async fn a_client_is_trusted_by_the_name_in_its_certificate() {
    let (authority, other) = (Authority::new(), Authority::new());
    let good = authority.issue("mail.kommune.example", ClientAuth);
    // Mail servers show the one they have.
    let of_server = authority.issue("exchange.kommune.example", ServerAuth);
    let unknown = authority.issue("mail.elsewhere.example", ClientAuth);
    let forged = other.issue("mail.kommune.example", ClientAuth);
    let names = ["mail.kommune.example", "exchange.kommune.example"];
    for begin in [Begin::Required, Begin::Implicit] {
        let gate = gate(knowing(&authority, begin, &names)).await;
        for (own, is_let_in) in [
            (Some(&good), true),
            (Some(&of_server), true),
            (Some(&unknown), false),
            (Some(&forged), false),
            (None, false),
        ] {
            let connector = connector(&authority, own);
            let client = if begin == Begin::Implicit {
                let stream = TcpStream::connect(gate.address).await.unwrap();
                Secured::connect(&connector, stream).await
            } else {
                Secured::start(&gate, &connector).await
            };
            // In TLS 1.3 a client learns only afterwards that its certificate is refused.
            let Ok(mut client) = client else {
                assert!(!is_let_in);
                continue;
            };
            if begin == Begin::Implicit {
                assert_eq!(client.hear().await.is_empty(), !is_let_in);
            }
            if is_let_in {
                client.send().await;
            } else {
                drop(client.0.write_all(EHLO.as_bytes()).await);
                assert_eq!(client.hear().await, "");
            }
        }
    }
}

#[tokio::test]
async fn networks_are_asked_for_besides_where_both_are_named() {
    let authority = Authority::new();
    let gate = Gate::open(Changes {
        tls: Some(knowing(
            &authority,
            Begin::Required,
            &["mail.kommune.example"],
        )),
        trusted: vec!["192.0.2.0/24"],
        ..Changes::default()
    })
    .await;
    let mut client = gate.stranger().await;
    client
        .hears("554 5.7.1 Messages are not taken from you here")
        .await;
}

/// A connection keeps its certificate; the next has the new one. A pair that is no use changes nothing, and says why.
#[tokio::test]
async fn certificates_are_exchanged_between_two_connections() {
    let (authority, later) = (Authority::new(), Authority::new());
    let settings = |tls: Tls, address| {
        let access = sluse::accept::Access {
            tls: Some(tls),
            ..Default::default()
        };
        sluse::accept::Settings {
            host_name: "mx.example".into(),
            listeners: vec![sluse::accept::Listener::with(address, access).unwrap()],
            chunking: true,
            wire: WireLimits::default(),
            time: TimeLimits::default(),
        }
    };
    let gate = gate(tls(&authority, Begin::Implicit)).await;
    // As it is written in the settings.
    let address = "127.0.0.1:0".parse().unwrap();
    let connect = || TcpStream::connect(gate.address);
    let before = connector(&authority, None);
    let mut old = Secured::connect(&before, connect().await.unwrap())
        .await
        .unwrap();
    old.hear().await;
    let terms = Terms::new(
        settings(tls(&later, Begin::Implicit), address),
        Default::default(),
    );
    gate.terms.send_replace(Arc::new(terms.unwrap()));
    old.send().await;
    assert!(
        Secured::connect(&before, connect().await.unwrap())
            .await
            .is_err()
    );
    let after = connector(&later, None);
    let mut new = Secured::connect(&after, connect().await.unwrap())
        .await
        .unwrap();
    new.hear().await;
    new.send().await;

    let mixed = Tls {
        identity: IdentityFiles {
            certificate: authority.issue("mx.example", ServerAuth).certificate,
            key: later.issue("mx.example", ServerAuth).key,
        },
        ..tls(&authority, Begin::Implicit)
    };
    let error = Terms::new(settings(mixed.clone(), address), Default::default()).unwrap_err();
    let told = error.to_string();
    assert!(
        told.contains(mixed.identity.key.to_str().unwrap()),
        "{told}"
    );
    assert!(
        told.contains("is not the key of the first certificate in"),
        "{told}"
    );
}
