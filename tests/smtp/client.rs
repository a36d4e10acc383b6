//! Both ends of the connections under test: a client that can be told to misbehave, and a journey that keeps a diary.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sluse::accept::{
    Access, Answer, Arrived, Departures, Journey, Listener, Listeners, Settings, Terms, Tls, serve,
};
use sluse::limits::{TimeLimits, WireLimits};
use sluse::mail::{Client as MailClient, Parameters, Recipient, ReversePath};
use sluse::mail::{Transaction, TransactionId};
use sluse::smtp::{Offers, Protocol, Reply, Xforward};
use sluse::spool;
use sluse::spool::Spooled;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;

/// What the journeys were told, and what they are to answer.
#[derive(Clone)]
pub(super) struct Recorder {
    pub(super) diary: Arc<Mutex<Vec<String>>>,
    pub(super) messages: Arc<Mutex<Vec<Spooled>>>,
    /// The final dot is answered when there is a permit.
    pub(super) verdicts: Arc<Semaphore>,
    pub(super) final_reply: Answer,
    /// How many answers were heard.
    pub(super) heard: Arc<AtomicUsize>,
}

impl Default for Recorder {
    fn default() -> Self {
        Self {
            diary: Arc::default(),
            messages: Arc::default(),
            verdicts: Arc::new(Semaphore::new(Semaphore::MAX_PERMITS)),
            final_reply: Reply::new(250, "2.0.0 Taken").into(),
            heard: Arc::default(),
        }
    }
}

impl Recorder {
    fn note(&self, line: impl Into<String>) {
        self.diary.lock().unwrap().push(line.into());
    }

    pub(super) fn lines(&self) -> Vec<String> {
        self.diary.lock().unwrap().clone()
    }

    /// Waits until the diary has this line.
    pub(super) async fn noted(&self, line: &str) {
        let noted = async {
            while !self.lines().iter().any(|noted| noted == line) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(10), noted).await;
        assert!(waited.is_ok(), "`{line}` is not in {:?}", self.lines());
    }
}

impl Departures for Recorder {
    type Journey = Self;

    fn depart(&self, _: Protocol) -> Self {
        self.note("depart");
        self.clone()
    }

    fn offers(&self) -> Offers {
        Offers {
            dsn: true,
            ..Offers::default()
        }
    }
}

impl Journey for Recorder {
    async fn begin(
        &mut self,
        _: TransactionId,
        client: &MailClient,
        xforward: &Xforward,
        reverse_path: &ReversePath,
        parameters: &Parameters,
    ) -> Reply {
        let from = match reverse_path {
            ReversePath::Null => "",
            ReversePath::Mailbox(address) => address.raw(),
        };
        let parameters = String::from_utf8_lossy(parameters.raw());
        self.note(format!("begin <{from}> {parameters}").trim_end());
        if !xforward.is_empty() {
            self.note(format!("ident {:?} helo {}", client.ident, client.helo));
        }
        answer(from)
    }

    async fn recipient(&mut self, recipient: &Recipient) -> Reply {
        let parameters = String::from_utf8_lossy(recipient.parameters.raw());
        let to = recipient.address.raw();
        self.note(format!("to <{to}> {parameters}").trim_end());
        answer(to)
    }

    async fn message(&mut self, transaction: &Transaction, arrived: Arrived) -> Answer {
        let spooled = arrived.message;
        let recipients = transaction.envelope.recipients.len();
        self.note(format!("message of {} to {recipients}", spooled.len()));
        self.messages.lock().unwrap().push(spooled);
        self.verdicts.acquire().await.unwrap().forget();
        self.note("answered");
        self.final_reply.clone()
    }

    fn heard(&mut self) {
        self.heard.fetch_add(1, Ordering::Relaxed);
    }

    async fn abandon(&mut self) {
        self.note("abandon");
    }
}

/// What an address is answered follows from its name.
fn answer(address: &str) -> Reply {
    match address.split('@').next() {
        Some("nobody") => Reply::new(550, "5.1.1 Nobody"),
        Some("hangs-up") => Reply::new(421, "4.3.2 Later"),
        Some("confused") => Reply::new(354, "Go ahead"),
        _ => Reply::new(250, "2.1.0 Fine"),
    }
}

/// A running gate.
pub(super) struct Gate {
    pub(super) address: SocketAddr,
    pub(super) recorder: Recorder,
    pub(super) stop: watch::Sender<bool>,
    pub(super) terms: watch::Sender<Arc<Terms>>,
    pub(super) served: JoinHandle<()>,
}

/// What a test changes.
#[derive(Default)]
pub(super) struct Changes {
    pub(super) wire: WireLimits,
    pub(super) time: TimeLimits,
    pub(super) spool: spool::Settings,
    pub(super) trusted: Vec<&'static str>,
    pub(super) protocol: Protocol,
    pub(super) tls: Option<Tls>,
    pub(super) proxies: Vec<&'static str>,
    pub(super) recorder: Recorder,
}

impl Gate {
    pub(super) async fn open(changes: Changes) -> Self {
        let networks = |names: &[&str]| {
            let networks = names.iter().map(|network| network.parse().unwrap());
            networks.collect()
        };
        let access = Access {
            trusted: networks(&changes.trusted),
            tls: changes.tls,
            proxies: networks(&changes.proxies),
            users: None,
        };
        let listener = Listener::with("127.0.0.1:0".parse().unwrap(), access).unwrap();
        let settings = Settings {
            host_name: "mx.example".into(),
            listeners: vec![listener.speaking(changes.protocol)],
            chunking: true,
            wire: changes.wire,
            time: changes.time,
        };
        let listeners = Listeners::bind(&settings).await.unwrap();
        let address = listeners.local_addresses().unwrap()[0];
        let (stop, stopped) = watch::channel(false);
        let recorder = changes.recorder;
        let departures = Arc::new(recorder.clone());
        let terms = Arc::new(Terms::new(settings, changes.spool).unwrap());
        let (terms, in_force) = watch::channel(terms);
        let served = serve(listeners, in_force, departures, stopped);
        Self {
            terms,
            address,
            recorder,
            stop,
            served: tokio::spawn(served),
        }
    }

    /// A client that was greeted and has said EHLO.
    pub(super) async fn client(&self) -> Client {
        let mut client = self.stranger().await;
        client.hears("220 mx.example ESMTP Sluse").await;
        client.say("EHLO client.example\r\n").await;
        assert!(client.hear().await.ends_with("SOURCE\r\n"));
        client
    }

    /// A client that has not heard anything yet.
    pub(super) async fn stranger(&self) -> Client {
        Client {
            stream: TcpStream::connect(self.address).await.unwrap(),
            heard: Vec::new(),
        }
    }
}

/// A client.
pub(super) struct Client {
    pub(super) stream: TcpStream,
    heard: Vec<u8>,
}

impl Client {
    pub(super) async fn say(&mut self, octets: impl AsRef<[u8]>) {
        self.stream.write_all(octets.as_ref()).await.unwrap();
    }

    /// Says something that has this answer.
    pub(super) async fn ask(&mut self, command: &str, reply: &str) {
        self.say(format!("{command}\r\n")).await;
        self.hears(reply).await;
    }

    /// A transaction up to the reply 354.
    pub(super) async fn begin_data(&mut self) {
        self.ask("MAIL FROM:<a@b.dk>", "250 2.1.0 Fine").await;
        self.ask("RCPT TO:<c@d.dk>", "250 2.1.0 Fine").await;
        self.ask("DATA", "354 End data with <CR><LF>.<CR><LF>")
            .await;
    }

    /// The next reply is this one.
    pub(super) async fn hears(&mut self, reply: &str) {
        assert_eq!(self.hear().await.trim_end(), reply);
    }

    /// Nothing more is said.
    pub(super) async fn hears_the_end(&mut self) {
        assert_eq!(self.hear().await, "");
    }

    /// The next reply, all its lines; nothing at the end of the connection.
    pub(super) async fn hear(&mut self) -> String {
        let mut reply = String::new();
        loop {
            while let Some(end) = self.heard.iter().position(|&c| c == b'\n') {
                let line: Vec<u8> = self.heard.drain(..=end).collect();
                let last = line[3] == b' ';
                reply.push_str(&String::from_utf8(line).unwrap());
                if last {
                    return reply;
                }
            }
            let mut buffer = [0; 4096];
            let read = self.stream.read(&mut buffer);
            let read = tokio::time::timeout(Duration::from_secs(20), read).await;
            match read.unwrap() {
                Ok(0) | Err(_) => return reply,
                Ok(octets) => self.heard.extend_from_slice(&buffer[..octets]),
            }
        }
    }
}
