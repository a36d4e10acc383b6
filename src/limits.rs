//! Every limit: what it bounds, its default, and what happens at it.
//!
//! Nothing grows with input without one of these, and none truncates in silence: a limit that is
//! met while reading a message becomes a gap, one that is met on the wire becomes a reply.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// What one connection, and all of them together, may use of the wire.
///
/// Sizes are in octets and include the line ending, as RFC 5321 section 4.5.3.1 counts them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireLimits {
    /// The longest message taken. Default 50 MiB; announced as `SIZE`; beyond it 552 5.3.4, and the
    /// rest of the message is read and thrown away so that the dialogue stays in step.
    pub message: u64,
    /// The longest command line. Default 4096 (RFC 5321 asks 512, extensions add); beyond it the
    /// line is read and thrown away and answered 500 5.5.2.
    pub command_line: usize,
    /// The longest reply line taken from a next hop. Default 2048; beyond it the connection is
    /// given up as one that does not speak SMTP.
    pub reply_line: usize,
    /// The most lines of one reply of a next hop. Default 100; beyond it as `reply_line`.
    pub reply_lines: usize,
    /// The most recipients of one transaction. Default 1000 (RFC 5321 asks at least 100); beyond it
    /// 452 4.5.3, which a client answers by sending the rest in another transaction.
    pub recipients: usize,
    /// The most commands of one session that were refused as wrong. Default 20; beyond it 421 4.7.0 and
    /// the connection is closed.
    pub mistakes: usize,
    /// The longest line of an AUTH exchange. Default 12,288 (RFC 4954 section 4); beyond it the line is read and thrown away and
    /// answered 500 5.5.6.
    pub auth_line: usize,
    /// The most passwords of one session that were wrong. Default 3; at the next AUTH 421 4.7.0 and the connection is closed.
    pub auth_tries: usize,
    /// The most passwords from one address (of IPv6, from one /64) that were wrong within ten minutes. Default 20; then every one is
    /// answered 421 4.7.0 unseen until ten minutes have passed since the first.
    pub auth_tries_per_client: usize,
    /// The most transactions of one session. Default 1000; beyond it 421 4.7.0.
    pub transactions: usize,
    /// The most connections at once. Default 500; beyond it 421 4.3.2 at once.
    pub connections: usize,
    /// The most connections at once from one address. Default 200; beyond it 421 4.7.0.
    pub connections_per_client: usize,
    /// The most connections at once of clients that must authenticate and have not yet. Default 50, a fifth of them from one
    /// address (of IPv6, one /64); beyond it 421 4.3.2 at once: where passwords are taken anybody may connect, and is not to keep mail
    /// servers out, nor other clients. The time for one command (`TimeLimits::command`) is all that such a client has to authenticate.
    pub connections_unproved: usize,
    /// The most `Received:` fields of a message. Default 50; beyond it 554 5.4.6, a loop.
    pub hops: usize,
    /// The fewest octets a second at which a message may arrive. Default 500, as `smtpd_min_data_rate` of Postfix has it; below
    /// it, an octet earns the client less time than it takes, and when `TimeLimits::data` is used up, 421 4.4.2.
    pub data_rate: u32,
}

impl Default for WireLimits {
    fn default() -> Self {
        Self {
            message: 50 << 20,
            command_line: 4096,
            reply_line: 2048,
            reply_lines: 100,
            recipients: 1000,
            mistakes: 20,
            auth_line: 12_288,
            auth_tries: 3,
            auth_tries_per_client: 20,
            transactions: 1000,
            connections: 500,
            connections_per_client: 200,
            connections_unproved: 50,
            hops: 50,
            data_rate: 500,
        }
    }
}

/// What reading one message may use, summed over the message and everything inside it.
///
/// At each of these the reader stops with that part and leaves a gap whose reason is `limit` (or
/// `timeout`), which policy judges. None makes a message clean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadLimits {
    /// How deep a message may nest: parts in parts, archives in archives, messages in messages.
    /// Default 30.
    pub depth: u32,
    /// The most parts of all messages together, with those that no header announces. Default 2000.
    pub parts: u32,
    /// The most header fields of one message. Default 2000.
    pub fields: u32,
    /// The most entries of all archives and office documents together, and of encoded runs in text that no header declares.
    /// Default 20,000.
    pub entries: u32,
    /// The most octets that decoding and unpacking may yield. Default 400 MiB.
    pub decoded: u64,
    /// The most octets one packed entry may yield. Default 100 MiB.
    pub entry: u64,
    /// The most octets of text handed to detection. Default 100 MiB.
    pub text: u64,
    /// How long reading and finding may take. Default 30 s, counted from when the work begins.
    pub time: Duration,
    /// Which pictures are asked to be read by OCR. Default `None`: nobody reads pictures, and each that could show a number is
    /// a gap (`media`).
    pub pictures: Option<PictureLimits>,
}

/// Which pictures of one message are asked to be read by OCR, where there is one who does.
///
/// Each of these that is met makes the picture at hand a gap whose reason is `limit`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureLimits {
    /// The most pictures, each page of a scanned document being one. Default 30. The same picture twice is one.
    pub count: u32,
    /// The most pixels of one picture. Default 40 million: A4 at 600 dots an inch has 35 million.
    pub pixels: u64,
    /// The most octets of all of them, as they are handed on. Default 128 MiB.
    pub octets: u64,
}

impl Default for PictureLimits {
    fn default() -> Self {
        Self {
            count: 30,
            pixels: 40_000_000,
            octets: 128 << 20,
        }
    }
}

impl Default for ReadLimits {
    fn default() -> Self {
        Self {
            depth: 30,
            parts: 2000,
            fields: 2000,
            entries: 20_000,
            decoded: 400 << 20,
            entry: 100 << 20,
            text: 100 << 20,
            time: Duration::from_secs(30),
            pictures: None,
        }
    }
}

/// How long each step of the conversation may take.
///
/// RFC 5321 section 4.5.3.2 gives the minima of a client; what we wait for a next hop keeps them where
/// the patience of our own client allows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeLimits {
    /// How long a client may take over one command. Default 5 min; then 421 4.4.2.
    pub command: Duration,
    /// How long a client may pause inside the message. Default 3 min; then 421 4.4.2.
    pub data: Duration,
    /// How long a proxy may take over its header (PROXY protocol). Default 5 s; then the connection is cut.
    pub proxy_header: Duration,
    /// How long a client may take over the TLS handshake. Default 30 s; then the connection is cut.
    pub handshake: Duration,
    /// How long a reply of ours may take to be written. Default 1 min; then the connection is cut.
    pub reply: Duration,
    /// How long connecting to a host may take, all its addresses together; and the TLS handshake. Default 30 s; then the next host
    /// is tried, and after the last 451 4.4.1. All hosts together have the time of `verdict`, each an equal part of what is left.
    pub connect: Duration,
    /// How long a host of a route that failed is tried last. Default 30 s; twice as long each time it fails again.
    pub ill: Duration,
    /// How long it is tried last at most. Default 5 min.
    pub ill_most: Duration,
    /// How long a next hop may take to answer a command. Default 60 s; then 451 4.4.2. Where another host is left to be tried, it has
    /// no more than its part of the time of `verdict`; then that one is.
    pub next_hop: Duration,
    /// How long a next hop may take to read a block of the message. Default 3 min; then 451 4.4.2. As for `next_hop`, where another host
    /// is left.
    pub block: Duration,
    /// How long a next hop may take to answer the final dot. Default 10 min (RFC 5321
    /// section 4.5.3.2.6); then the outcome is unknown: 451 4.4.2.
    pub final_dot: Duration,
    /// How long after the client's final dot the last octet may be sent to a next hop. Default 80 s,
    /// under the 100 s of Postfix's `smtpd_proxy_timeout`; later, nothing is sent: 451 4.4.5. As long may be looked for a host that
    /// takes MAIL, or goes on with a transaction that another failed in.
    pub verdict: Duration,
}

impl Default for TimeLimits {
    fn default() -> Self {
        Self {
            command: Duration::from_secs(300),
            data: Duration::from_secs(180),
            proxy_header: Duration::from_secs(5),
            handshake: Duration::from_secs(30),
            reply: Duration::from_secs(60),
            connect: Duration::from_secs(30),
            ill: Duration::from_secs(30),
            ill_most: Duration::from_secs(300),
            next_hop: Duration::from_secs(60),
            block: Duration::from_secs(180),
            final_dot: Duration::from_secs(600),
            verdict: Duration::from_secs(80),
        }
    }
}

/// A flag by which work that reads no clock learns that its time is up.
///
/// The edge sets it; every reader looks at it whenever it spends from its budget.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Ends the work at its next look.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the work is to end.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
