//! `[listen]` and `[listen.NAME]`: where we listen, as it was typed.

use std::net::SocketAddr;
use std::ops::Range;
use std::path::PathBuf;

use crate::accept::Network;
use crate::config::section::{Section, Written};
use crate::config::typed::path;
use crate::config::value::{Wrong, host_name, word};

/// Addresses, and who may come in there.
#[derive(Debug)]
pub(super) struct TypedListener {
    /// The table, for what is said of it as a whole.
    pub(super) span: Range<usize>,
    pub(super) addresses: Vec<Written<SocketAddr>>,
    pub(super) trusted: Vec<Written<Network>>,
    pub(super) proxies: Vec<Written<Network>>,
    pub(super) tls: Written<TypedBegin>,
    pub(super) certificate: Option<Written<PathBuf>>,
    pub(super) key: Option<Written<PathBuf>>,
    pub(super) client_authorities: Option<Written<PathBuf>>,
    pub(super) client_names: Option<Vec<Written<Box<str>>>>,
}

/// When TLS begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum TypedBegin {
    Off,
    Offered,
    Required,
    Implicit,
}

/// Reads `[listen]`, and a table of the same keys for every further listener.
pub(super) fn listen(mut section: Section<'_>) -> Vec<TypedListener> {
    let mut first = listener(&mut section);
    let mut others = Vec::new();
    for (_, mut table) in section.tables_beside() {
        let other = listener(&mut table);
        if !table.has("addresses") {
            table.missing("addresses", NAME_ONE);
        }
        table.finish();
        others.push(other);
    }
    // Whoever names only others does not want this one.
    let is_wanted = others.is_empty() || section.has_any();
    section.finish();
    if is_wanted {
        if first.addresses.is_empty() {
            first.addresses.push(Written {
                value: SocketAddr::from(([127, 0, 0, 1], 10025)),
                span: first.span.clone(),
            });
        }
        others.insert(0, first);
    }
    others
}

fn listener(section: &mut Section<'_>) -> TypedListener {
    let source = section.report().source();
    let span = section.span();
    let addresses = section.texts("addresses", |text| {
        text.parse().map_err(|_| {
            Wrong::new(
                "is no address with a port",
                "write an address of this machine and a port, for example `127.0.0.1:10025` or `[::1]:10025`",
            )
        })
    });
    section.not_empty("addresses", NAME_ONE);
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
    section.not_empty(
        "client_names",
        "name what stands in the certificate of a client, for example `mail.kommune.example`, or remove it",
    );
    TypedListener {
        addresses: addresses.unwrap_or_default(),
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
        span,
    }
}

fn network(text: &str) -> Result<Network, Wrong> {
    text.parse().map_err(|_| {
        Wrong::new(
            "is no network",
            "write one as `10.1.0.0/16` or `2001:db8::/32`, or a single address",
        )
    })
}

/// What is to be done about a listener without an address.
const NAME_ONE: &str = "name an address, for example `127.0.0.1:10025`";
