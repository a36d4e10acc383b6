//! `[route.NAME]`: the ways out, as they were typed.

use std::path::PathBuf;

use crate::act::{HeaderMark, Marks, NextHop};
use crate::config::problem::Code;
use crate::config::section::{Section, Written};
use crate::config::typed::path;
use crate::config::value::{Wrong, host_name, next_hop, word};
use crate::policy::RouteName;

/// One way out.
#[derive(Debug)]
pub(super) struct TypedRoute {
    pub(super) name: RouteName,
    /// None where what was written is none; why was reported.
    pub(super) next_hops: Vec<Written<NextHop>>,
    pub(super) tls: Written<TypedTls>,
    pub(super) tls_name: Option<Box<str>>,
    pub(super) tls_authorities: Option<Written<PathBuf>>,
    pub(super) tls_certificate: Option<Written<PathBuf>>,
    pub(super) tls_key: Option<Written<PathBuf>>,
    pub(super) auth_user: Option<Written<Box<str>>>,
    pub(super) auth_password_file: Option<Written<PathBuf>>,
    pub(super) helo: Option<Box<str>>,
    /// The normal route only: whether the server behind it holds the promise of verified TLS to partners.
    pub(super) partner_tls: Option<Written<bool>>,
    pub(super) marks: Marks,
}

/// How the connection is protected.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum TypedTls {
    Off,
    Opportunistic,
    Verified,
    Implicit,
}

impl TypedTls {
    /// Whether nothing is sent to a next hop that does not prove who it is.
    pub(super) fn is_verified(self) -> bool {
        matches!(self, Self::Verified | Self::Implicit)
    }
}

/// The name of the route that a message takes which has all it needs.
pub(super) const NORMAL: &str = "normal";

/// All ways out, as they were typed.
#[derive(Debug)]
pub(super) struct TypedRoutes {
    pub(super) normal: TypedRoute,
    pub(super) secure: Vec<TypedRoute>,
}

impl TypedRoutes {
    pub(super) fn all(&self) -> impl Iterator<Item = &TypedRoute> {
        std::iter::once(&self.normal).chain(&self.secure)
    }
}

/// Reads all routes. Every table but `normal` is a secure route.
pub(super) fn routes(mut section: Section<'_>) -> TypedRoutes {
    let table = section.section(NORMAL);
    let name = Written {
        value: NORMAL.to_owned(),
        span: table.span(),
    };
    let normal = route(name, table);
    let mut secure = Vec::new();
    for (name, table) in section.named_sections() {
        if name.value == NORMAL {
            continue;
        }
        let good = !name.value.is_empty()
            && name
                .value
                .bytes()
                .all(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_' | b'.'));
        if !good {
            section.report().at(
                Code::WrongValue,
                name.span.clone(),
                "this is no name of a route",
                "here",
                "use letters, digits, `-`, `_` and `.`",
            );
        }
        secure.push(route(name, table));
    }
    TypedRoutes { normal, secure }
}

fn route(name: Written<String>, mut section: Section<'_>) -> TypedRoute {
    let normal = name.value == NORMAL;
    let source = section.report().source();
    let mut hops = section
        .text_or_texts(NEXT_HOP, next_hop)
        .unwrap_or_default();
    section.not_empty(NEXT_HOP, NAME_ONE);
    if normal && !section.has(NEXT_HOP) {
        hops.push(Written {
            value: default_next_hop(),
            span: name.span.clone(),
        });
    }
    let tls = section.text("tls", |text| {
        let all = [
            TypedTls::Off,
            TypedTls::Opportunistic,
            TypedTls::Verified,
            TypedTls::Implicit,
        ];
        word(text, "way to protect a connection", all, |tls| match tls {
            TypedTls::Off => "off",
            TypedTls::Opportunistic => "opportunistic",
            TypedTls::Verified => "verified",
            TypedTls::Implicit => "implicit",
        })
    });
    let tls_name = section.text("tls_name", host_name);
    let mut file = |key| section.text(key, |text| path(source, text));
    let tls_authorities = file("tls_authorities");
    let tls_certificate = file("tls_certificate");
    let tls_key = file("tls_key");
    let auth_password_file = file("auth_password_file");
    let auth_user = section.text("auth_user", user);
    let helo = section.text("helo", host_name);
    let partner_tls = if normal {
        section.flag("partner_tls")
    } else {
        None
    };
    let marks = if normal {
        Marks::default()
    } else {
        Marks {
            header: section.text("header", header).map(|header| header.value),
            subject: section
                .text("subject_mark", subject_mark)
                .map(|mark| mark.value),
        }
    };
    if !normal && !section.has(NEXT_HOP) {
        section.missing(
            NEXT_HOP,
            "name the host and port of the secure gateway, for example `next_hop = \"gateway.kommune.example:25\"`",
        );
    }
    section.finish();
    let span = name.span;
    TypedRoute {
        name: RouteName::new(&name.value),
        next_hops: hops,
        tls: tls.unwrap_or_else(|| Written {
            value: if normal {
                TypedTls::Off
            } else {
                TypedTls::Verified
            },
            span: span.clone(),
        }),
        tls_name: tls_name.map(|name| name.value),
        tls_authorities,
        tls_certificate,
        tls_key,
        auth_user,
        auth_password_file,
        helo: helo.map(|helo| helo.value),
        partner_tls,
        marks,
    }
}

const NEXT_HOP: &str = "next_hop";

/// What is to be done about a route that ends nowhere.
const NAME_ONE: &str = "name a host and a port, for example `127.0.0.1:10026`";

/// Where messages go that have all they need: back into the mail server on this machine.
pub(super) fn default_next_hop() -> NextHop {
    NextHop {
        host: "127.0.0.1".into(),
        port: 10026,
    }
}

/// A name as a next hop may know us by. The mechanisms part user and password by a zero octet.
fn user(text: &str) -> Result<Box<str>, Wrong> {
    let good = (1..=255).contains(&text.len()) && !text.chars().any(char::is_control);
    good.then(|| text.into())
        .ok_or_else(|| Wrong::new("is no user", "write 1 to 255 octets on one line"))
}

/// `X-Sluse: secured`.
fn header(text: &str) -> Result<HeaderMark, Wrong> {
    let wrong = |what: &str| {
        Wrong::new(
            what,
            "write a name, a colon and a value in ASCII on one line, for example `X-Sikker: 1`",
        )
    };
    let (name, value) = text
        .split_once(':')
        .ok_or_else(|| wrong("is no header field"))?;
    let value = value.trim();
    // RFC 5322 section 2.2: printable, no colon, no space.
    if name.is_empty() || name.len() > 60 || !name.bytes().all(|octet| octet.is_ascii_graphic()) {
        return Err(wrong("has a name that is none of a header field"));
    }
    if value.is_empty() || value.len() > 200 || value.contains(|c: char| !(' '..='~').contains(&c))
    {
        return Err(wrong("has a value that is none of a header field"));
    }
    Ok(HeaderMark {
        name: name.into(),
        value: value.into(),
    })
}

/// `[sikker]`.
fn subject_mark(text: &str) -> Result<Box<str>, Wrong> {
    let good = !text.trim().is_empty()
        && text.len() <= 60
        && text.bytes().all(|octet| (b' '..=b'~').contains(&octet));
    if good {
        Ok(text.into())
    } else {
        Err(Wrong::new(
            "cannot stand in a subject",
            "write 1 to 60 characters of ASCII on one line, for example `[sikker]`",
        ))
    }
}
