//! What was typed of listeners, compared with itself: nobody becomes an open relay, and no key does nothing.

use std::sync::Arc;

use crate::accept::{Access, Begin, Clients, Listener, ListenerError, Network, Tls};
use crate::certificate::IdentityFiles;
use crate::config::contradictions::problem;
use crate::config::listen::{TypedBegin, TypedListener};
use crate::config::problem::{Code, Problem};
use crate::config::section::Written;
use crate::config::typed::Typed;

/// The listeners, and what is wrong with them.
pub(super) fn listeners(typed: &Typed, problems: &mut Vec<Problem>) -> Vec<Listener> {
    let mut listeners: Vec<Listener> = Vec::new();
    for group in &typed.listen.listeners {
        let access = Access {
            trusted: values(&group.trusted),
            tls: tls(typed, group, problems),
            proxies: values(&group.proxies),
            users: group.users.as_ref().map(|file| file.value.clone()),
        };
        for (address, protocol) in group.all() {
            let is_listed = |listener: &Listener| listener.address() == address.value;
            if listeners.iter().any(is_listed) {
                problems.push(problem(
                    typed,
                    Code::Duplicate,
                    address,
                    format!("`{}` is listed twice", address.value),
                    "again",
                    "remove one of them",
                ));
            }
            match Listener::with(address.value, access.clone()) {
                Ok(listener) => {
                    listeners.push(listener.speaking(protocol).treating(group.strays));
                }
                Err(error) => refused(typed, group, address, &error, problems),
            }
        }
    }
    listeners
}

fn values<T: Clone>(written: &[Written<T>]) -> Vec<T> {
    written.iter().map(|it| it.value.clone()).collect()
}

fn refused<T>(
    typed: &Typed,
    group: &TypedListener,
    address: &Written<T>,
    error: &ListenerError,
    problems: &mut Vec<Problem>,
) {
    let mut all = |networks: &[Written<Network>], wide: &Network, remedy: &str| {
        let everybody = networks.iter().filter(|network| network.value == *wide);
        problems.extend(everybody.map(|network| {
            let message = error.to_string();
            problem(
                typed,
                Code::OpenRelay,
                network,
                message,
                "everybody",
                remedy,
            )
        }));
    };
    let found = match error {
        ListenerError::Everybody(wide) => {
            let remedy = "name only the networks of your own mail servers";
            return all(&group.trusted, wide, remedy);
        }
        ListenerError::AnyProxy(wide) => {
            return all(
                &group.proxies,
                wide,
                "name only the addresses of your own proxies",
            );
        }
        ListenerError::OpenRelay(_) => problem(
            typed,
            Code::OpenRelay,
            address,
            error.to_string(),
            "reachable by anybody",
            "name the networks of your own mail servers in `listen.trusted_networks`, or listen on a loopback address",
        ),
        ListenerError::PasswordsInTheClear(_) => {
            // Said once, where it was written.
            let Some(users) = &group.users else { return };
            problem(
                typed,
                Code::Doubtful,
                users,
                "users authenticate by password, and none is taken in the clear".to_owned(),
                "no TLS here",
                "set `tls` to `required` or `implicit` and name a certificate, or remove `users`",
            )
        }
        ListenerError::NoCertificateNeeded(_) => problem(
            typed,
            Code::OpenRelay,
            &group.tls,
            error.to_string(),
            "not required",
            "set `tls = \"required\"` or `tls = \"implicit\"`",
        ),
    };
    problems.push(found);
}

/// The TLS of a listener. Where a key is missing, which was reported, an empty one stands in for it.
fn tls(typed: &Typed, group: &TypedListener, problems: &mut Vec<Problem>) -> Option<Tls> {
    let begin = match group.tls.value {
        TypedBegin::Off => {
            idle(typed, group, problems);
            return None;
        }
        TypedBegin::Offered => Begin::Offered,
        TypedBegin::Required => Begin::Required,
        TypedBegin::Implicit => Begin::Implicit,
    };
    let mut file = |written: Option<&Written<std::path::PathBuf>>, key: &str, remedy: &str| {
        if written.is_none() {
            problems.push(problem(
                typed,
                Code::Missing,
                &group.tls,
                format!("TLS takes a `{key}`, and none is named"),
                "asked for here",
                remedy,
            ));
        }
        written.map(|file| file.value.clone()).unwrap_or_default()
    };
    let identity = IdentityFiles {
        certificate: file(
            group.certificate.as_ref(),
            "certificate",
            "name a PEM file: the certificate of this host first, then those between it and its authority",
        ),
        key: file(
            group.key.as_ref(),
            "key",
            "name the PEM file with the key of the certificate",
        ),
    };
    Some(Tls {
        begin,
        identity,
        clients: clients(typed, group, problems),
    })
}

fn clients(typed: &Typed, group: &TypedListener, problems: &mut Vec<Problem>) -> Option<Clients> {
    let alone = |at: std::ops::Range<usize>, message: &str, remedy: &str| {
        let source = Arc::clone(&typed.source);
        Problem::at(Code::Missing, source, at, message, "alone", remedy)
    };
    match (&group.client_authorities, &group.client_names) {
        (None, None) => None,
        (Some(authorities), Some(names)) => {
            for name in names.iter().filter(|name| is_of_many(&name.value)) {
                let every = "shown by every customer";
                let message = format!(
                    "`{}` stands in the certificate of Exchange Online, which it shows for every tenant, not only yours",
                    name.value
                );
                let remedy = "let Exchange Online come by a mail server of yours that knows your tenant from others";
                problems
                    .push(problem(typed, Code::OpenRelay, name, message, every, remedy).warning());
            }
            Some(Clients {
                authorities: authorities.value.clone(),
                names: values(names),
            })
        }
        (Some(authorities), None) => {
            problems.push(alone(
                authorities.span.clone(),
                "`client_authorities` says whose certificates are believed, but not which clients are trusted",
                "name them in `client_names`",
            ));
            None
        }
        (None, Some(names)) => {
            let at = names
                .first()
                .map_or_else(|| group.span.clone(), |name| name.span.clone());
            problems.push(alone(
                at,
                "`client_names` says which clients are trusted, but not whose certificates are believed",
                "name a PEM file of their authorities in `client_authorities`",
            ));
            None
        }
    }
}

/// Tells of keys that do nothing without TLS; and of those that are to let in clients by their certificates, which is worse.
fn idle(typed: &Typed, group: &TypedListener, problems: &mut Vec<Problem>) {
    let files = [&group.certificate, &group.key, &group.client_authorities];
    let names = group.client_names.iter().flatten().map(|name| &name.span);
    let mut written = files
        .into_iter()
        .flatten()
        .map(|file| &file.span)
        .chain(names);
    let Some(at) = written.next() else { return };
    let clients = group.client_authorities.is_some() || group.client_names.is_some();
    let idle = Problem::at(
        Code::Doubtful,
        Arc::clone(&typed.source),
        at.clone(),
        "certificates do nothing on a listener without TLS",
        "no TLS here",
        "set `tls` to `offered`, `required` or `implicit`, or remove them",
    );
    problems.push(if clients { idle } else { idle.warning() });
}

/// Whether many who do not know each other show a certificate with this name.
fn is_of_many(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name == "outlook.com" || name.ends_with(".outlook.com")
}
