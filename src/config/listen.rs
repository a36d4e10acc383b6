//! `[listen]`: where messages come from, as it was typed.

use std::net::SocketAddr;

use crate::accept::Network;
use crate::config::problem::Code;
use crate::config::section::{Section, Written};
use crate::config::value::{Wrong, word};
use crate::journey::RouteConflict;
use crate::smtp::Protocol;

/// Where messages come from.
#[derive(Debug)]
pub(super) struct TypedListen {
    /// Where SMTP is spoken.
    pub(super) smtp: Vec<Written<SocketAddr>>,
    /// Where LMTP is spoken.
    pub(super) lmtp: Vec<Written<SocketAddr>>,
    /// Whom messages are taken from.
    pub(super) trusted: Vec<Written<Network>>,
    pub(super) chunking: bool,
    pub(super) conflict: RouteConflict,
}

impl TypedListen {
    /// All addresses, each with what is spoken there.
    pub(super) fn all(&self) -> impl Iterator<Item = (&Written<SocketAddr>, Protocol)> {
        let smtp = self.smtp.iter().map(|address| (address, Protocol::Smtp));
        let lmtp = self.lmtp.iter().map(|address| (address, Protocol::Lmtp));
        smtp.chain(lmtp)
    }
}

/// Reads the table.
pub(super) fn listen(mut section: Section<'_>) -> TypedListen {
    let span = section.span();
    let smtp = section.texts("addresses", address);
    let lmtp = section.texts("lmtp_addresses", address).unwrap_or_default();
    let trusted = section.texts("trusted_networks", |text| {
        text.parse().map_err(|_| {
            Wrong::new(
                "is no network",
                "write one as `10.1.0.0/16` or `2001:db8::/32`, or a single address",
            )
        })
    });
    let chunking = section.flag("chunking");
    let conflict = section.text("route_conflict", |text| {
        word(
            text,
            "answer to a route conflict",
            [RouteConflict::Strictest, RouteConflict::Defer],
            |conflict| match conflict {
                RouteConflict::Strictest => "strictest",
                RouteConflict::Defer => "defer",
            },
        )
    });
    if lmtp.is_empty() {
        section.not_empty(
            "addresses",
            "name an address, for example `127.0.0.1:10025`, here or in `lmtp_addresses`",
        );
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
    section.finish();
    let default = || Written {
        value: SocketAddr::from(([127, 0, 0, 1], 10025)),
        span,
    };
    TypedListen {
        smtp: smtp.unwrap_or_else(|| vec![default()]),
        lmtp,
        trusted: trusted.unwrap_or_default(),
        chunking: chunking.is_none_or(|chunking| chunking.value),
        conflict: conflict.map_or_else(RouteConflict::default, |conflict| conflict.value),
    }
}

fn address(text: &str) -> Result<SocketAddr, Wrong> {
    text.parse().map_err(|_| {
        Wrong::new(
            "is no address with a port",
            "write an address of this machine and a port, for example `127.0.0.1:10025` or `[::1]:10025`",
        )
    })
}
