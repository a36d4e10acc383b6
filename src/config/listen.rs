//! `[listen]` and `[listen.NAME]`: where we listen, as it was typed.

use std::net::SocketAddr;
use std::ops::Range;
use std::path::PathBuf;

use crate::accept::Network;
use crate::config::problem::Code;
use crate::config::section::{Section, Written};
use crate::config::typed::path;
use crate::config::value::{Wrong, host_name, word};
use crate::journey::RouteConflict;
use crate::smtp::{Protocol, StrayLineEndings};

/// Where messages come from.
#[derive(Debug)]
pub(super) struct TypedListen {
    pub(super) listeners: Vec<TypedListener>,
    pub(super) chunking: bool,
    pub(super) conflict: RouteConflict,
}

/// Addresses, and who may come in there.
#[derive(Debug)]
pub(super) struct TypedListener {
    /// The table, for what is said of it as a whole.
    pub(super) span: Range<usize>,
    /// Where SMTP is spoken.
    smtp: Vec<Written<SocketAddr>>,
    /// Where LMTP is spoken.
    lmtp: Vec<Written<SocketAddr>>,
    pub(super) trusted: Vec<Written<Network>>,
    pub(super) proxies: Vec<Written<Network>>,
    pub(super) tls: Written<TypedBegin>,
    pub(super) certificate: Option<Written<PathBuf>>,
    pub(super) key: Option<Written<PathBuf>>,
    pub(super) client_authorities: Option<Written<PathBuf>>,
    pub(super) client_names: Option<Vec<Written<Box<str>>>>,
    pub(super) users: Option<Written<PathBuf>>,
    pub(super) strays: StrayLineEndings,
}

/// When TLS begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum TypedBegin {
    Off,
    Offered,
    Required,
    Implicit,
}

impl TypedListener {
    /// All addresses, each with what is spoken there.
    pub(super) fn all(&self) -> impl Iterator<Item = (&Written<SocketAddr>, Protocol)> {
        let smtp = self.smtp.iter().map(|address| (address, Protocol::Smtp));
        let lmtp = self.lmtp.iter().map(|address| (address, Protocol::Lmtp));
        smtp.chain(lmtp)
    }
}

/// Reads `[listen]`, what holds for all listeners, and a table of the same keys for every further one.
pub(super) fn listen(mut section: Section<'_>) -> TypedListen {
    let mut first = listener(&mut section);
    let chunking = section.flag(CHUNKING);
    let conflict = section.text(ROUTE_CONFLICT, |text| {
        let all = [RouteConflict::Strictest, RouteConflict::Defer];
        word(
            text,
            "answer to a route conflict",
            all,
            |conflict| match conflict {
                RouteConflict::Strictest => "strictest",
                RouteConflict::Defer => "defer",
            },
        )
    });
    let mut others = Vec::new();
    for (_, mut table) in section.tables_beside() {
        let other = listener(&mut table);
        if !table.has(ADDRESSES) && !table.has(LMTP_ADDRESSES) {
            table.missing(ADDRESSES, NAME_ONE);
        }
        table.finish();
        others.push(other);
    }
    // Whoever names only others does not want this one.
    let is_wanted = others.is_empty() || section.has_any_but(&[CHUNKING, ROUTE_CONFLICT]);
    if is_wanted {
        // Whoever wants LMTP alone says so by an empty list.
        let is_empty = first.smtp.is_empty() && first.lmtp.is_empty();
        if is_empty || !section.has(ADDRESSES) {
            first.smtp.push(Written {
                value: SocketAddr::from(([127, 0, 0, 1], 10025)),
                span: first.span.clone(),
            });
        }
        others.insert(0, first);
    }
    section.finish();
    TypedListen {
        listeners: others,
        chunking: chunking.is_none_or(|chunking| chunking.value),
        conflict: conflict.map_or_else(RouteConflict::default, |conflict| conflict.value),
    }
}

fn listener(section: &mut Section<'_>) -> TypedListener {
    let source = section.report().source();
    let span = section.span();
    let (smtp, lmtp) = addresses(section);
    let trusted = section.texts("trusted_networks", network);
    let proxies = section.texts("proxy_protocol_from", network);
    let tls = section.text("tls", |text| {
        let all = [
            TypedBegin::Off,
            TypedBegin::Offered,
            TypedBegin::Required,
            TypedBegin::Implicit,
        ];
        word(text, "beginning of TLS", all, |begin| match begin {
            TypedBegin::Off => "off",
            TypedBegin::Offered => "offered",
            TypedBegin::Required => "required",
            TypedBegin::Implicit => "implicit",
        })
    });
    let mut file = |key| section.text(key, |text| path(source, text));
    let certificate = file("certificate");
    let key = file("key");
    let client_authorities = file("client_authorities");
    let client_names = section.texts("client_names", host_name);
    let users = section.text("users", |text| path(source, text));
    let strays = section.text("stray_line_endings", |text| {
        let all = [
            StrayLineEndings::Keep,
            StrayLineEndings::Normalize,
            StrayLineEndings::Reject,
        ];
        word(text, "way with stray line endings", all, |it| match it {
            StrayLineEndings::Keep => "keep",
            StrayLineEndings::Normalize => "normalize",
            StrayLineEndings::Reject => "reject",
        })
    });
    section.not_empty(
        "client_names",
        "name what stands in the certificate of a client, for example `mail.kommune.example`, or remove it",
    );
    TypedListener {
        smtp,
        lmtp,
        trusted: trusted.unwrap_or_default(),
        proxies: proxies.unwrap_or_default(),
        tls: tls.unwrap_or_else(|| Written {
            // Something was meant that is none; that certificates do nothing is not to be told besides.
            value: if section.has("tls") {
                TypedBegin::Required
            } else {
                TypedBegin::Off
            },
            span: span.clone(),
        }),
        certificate,
        key,
        client_authorities,
        client_names,
        users,
        strays: strays.map_or_else(StrayLineEndings::default, |strays| strays.value),
        span,
    }
}

/// Where SMTP is spoken, and where LMTP is.
fn addresses(section: &mut Section<'_>) -> (Vec<Written<SocketAddr>>, Vec<Written<SocketAddr>>) {
    let smtp = section.texts(ADDRESSES, address).unwrap_or_default();
    let lmtp = section.texts(LMTP_ADDRESSES, address).unwrap_or_default();
    if lmtp.is_empty() {
        section.not_empty(ADDRESSES, NAME_ONE);
    }
    for address in lmtp.iter().filter(|address| address.value.port() == 25) {
        section.report().at(
            Code::WrongValue,
            address.span.clone(),
            "port 25 belongs to SMTP: LMTP must not be spoken there (RFC 2033 section 5)",
            "here",
            "give another port, for example 24",
        );
    }
    (smtp, lmtp)
}

pub(super) fn address(text: &str) -> Result<SocketAddr, Wrong> {
    text.parse().map_err(|_| {
        Wrong::new(
            "is no address with a port",
            "write an address of this machine and a port, for example `127.0.0.1:10025` or `[::1]:10025`",
        )
    })
}

fn network(text: &str) -> Result<Network, Wrong> {
    text.parse().map_err(|_| {
        Wrong::new(
            "is no network",
            "write one as `10.1.0.0/16` or `2001:db8::/32`, or a single address",
        )
    })
}

const ADDRESSES: &str = "addresses";
const LMTP_ADDRESSES: &str = "lmtp_addresses";
const CHUNKING: &str = "chunking";
const ROUTE_CONFLICT: &str = "route_conflict";

/// What is to be done about a listener without an address.
const NAME_ONE: &str =
    "name an address, for example `127.0.0.1:10025`, here or in `lmtp_addresses`";
