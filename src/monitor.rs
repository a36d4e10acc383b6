//! What a running Sluse tells those who watch it, by HTTP: its numbers, that it lives, and whether it takes messages.
//!
//! | path | answer |
//! |---|---|
//! | `/metrics` | the numbers, as Prometheus reads them |
//! | `/healthz` | 200 as long as the process answers at all |
//! | `/readyz` | 200, or 503 with a line for each reason why no message should be sent here now |
//!
//! It is no web server: it reads one short request of a connection, answers and hangs up. Whoever can connect may read, so what it
//! tells are numbers, and reasons in fixed words.

mod request;

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::metrics;
use crate::monitor::request::{Asked, Request};

/// Where it is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The addresses that are listened on. Default none: nothing is told.
    pub addresses: Vec<SocketAddr>,
}

/// What is told of.
pub trait Watched: Send + Sync + 'static {
    /// Brings the metrics up to date that tell what is so now, and says why no message should be sent here; nothing where none speaks
    /// against it.
    fn look(&self) -> impl Future<Output = Vec<String>> + Send;
}

/// Answers whoever connects to any of these sockets, until it is dropped.
pub async fn serve(sockets: Vec<TcpListener>, watched: Arc<impl Watched>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let mut loops = JoinSet::new();
    for socket in sockets {
        loops.spawn(listen(socket, Arc::clone(&watched), Arc::clone(&places)));
    }
    while loops.join_next().await.is_some() {}
}

async fn listen(socket: TcpListener, watched: Arc<impl Watched>, places: Arc<Semaphore>) {
    let mut connections = JoinSet::new();
    loop {
        // Those beyond it are kept waiting by the kernel.
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            return;
        };
        while connections.try_join_next().is_some() {}
        let Ok((stream, _)) = socket.accept().await else {
            sleep(PAUSE).await;
            continue;
        };
        let watched = Arc::clone(&watched);
        connections.spawn(async move {
            // Whoever is slower is not waited for.
            drop(timeout(TIME, answer(stream, &*watched)).await);
            drop(place);
        });
    }
}

async fn answer(mut stream: TcpStream, watched: &impl Watched) -> io::Result<()> {
    let response = match Request::read(&mut stream).await? {
        Request::Get(asked) => respond(asked, watched).await,
        Request::Head(asked) => Response {
            is_headless: true,
            ..respond(asked, watched).await
        },
        Request::Other(status, why) => Response::new(status, why),
    };
    stream.write_all(response.encode().as_bytes()).await?;
    stream.shutdown().await
}

async fn respond(asked: Asked, watched: &impl Watched) -> Response {
    match asked {
        Asked::Metrics => {
            drop(watched.look().await);
            Response::new("200 OK", metrics::exposition())
        }
        Asked::Health => Response::new("200 OK", "alive\n"),
        Asked::Readiness => {
            let reasons = watched.look().await;
            if reasons.is_empty() {
                return Response::new("200 OK", "ready\n");
            }
            Response::new("503 Service Unavailable", reasons.join("\n") + "\n")
        }
    }
}

/// What is answered.
struct Response {
    status: &'static str,
    text: String,
    is_headless: bool,
}

impl Response {
    fn new(status: &'static str, text: impl Into<String>) -> Self {
        Self {
            status,
            text: text.into(),
            is_headless: false,
        }
    }

    fn encode(&self) -> String {
        let Self { status, text, .. } = self;
        format!(
            "HTTP/1.1 {status}\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nContent-Length: {}\r\n\
             Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n{}",
            text.len(),
            if self.is_headless { "" } else { text }
        )
    }
}

/// The most connections at once. Fixed: 16; others wait.
const CONNECTIONS: usize = 16;

/// How long a connection may take from beginning to end. Fixed: 10 s; then it is cut.
const TIME: Duration = Duration::from_secs(10);

/// How long accepting rests after a failure.
const PAUSE: Duration = Duration::from_millis(100);
