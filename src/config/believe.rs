//! What was typed, compared with itself: what each table means beside the others.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use crate::accept::{self, Listener, ListenerError};
use crate::act::{Route, Tls};
use crate::config::edges;
use crate::config::policy::TypedPolicy;
use crate::config::problem::{Code, Problem};
use crate::config::routes::{NORMAL, TypedRoute, TypedTls};
use crate::config::section::Written;
use crate::config::typed::Typed;
use crate::config::{Config, Inspect, Purpose, Routes};
use crate::policy::{self as judging, Carriage, RouteName};

/// Makes the configuration of what was typed, and adds to `problems` whatever contradicts itself or this machine.
pub(super) fn believe(
    typed: Typed,
    policy: TypedPolicy,
    purpose: Purpose,
    problems: &mut Vec<Problem>,
) -> Config {
    let listeners = listeners(&typed, problems);
    for route in typed.routes.all() {
        check_route(&typed, route, problems);
    }
    check_same_hop(&typed, problems);
    check_named_routes(&typed, &policy, problems);
    check_partners(&typed, &policy, problems);
    check_times(&typed, problems);
    edges::check(&typed, purpose, problems);

    let normal = &typed.routes.normal;
    let secure = || typed.routes.secure.iter();
    let promised = normal.partner_tls.as_ref().is_some_and(|claim| claim.value);
    let carriages = judging::Routes {
        normal: if promised {
            Carriage::VerifiedTls
        } else {
            Carriage::Open
        },
        secure: secure()
            .map(|route| (route.name.clone(), Carriage::Sealed))
            .collect(),
    };
    Config {
        accept: accept::Settings {
            host_name: typed.host_name.clone(),
            listeners,
            wire: typed.wire.clone(),
            time: typed.time.clone(),
        },
        spool: typed.spool.clone(),
        routes: Routes {
            normal: believed(&typed, normal),
            secure: secure()
                .map(|route| (route.name.clone(), believed(&typed, route)))
                .collect(),
        },
        carriages,
        inspect: Inspect {
            limits: typed.read.clone(),
            workers: typed.workers,
        },
        policy: policy.policy,
        incident: typed.incident,
        log: typed.log,
    }
}

fn problem<T>(
    typed: &Typed,
    code: Code,
    at: &Written<T>,
    message: String,
    label: &str,
    remedy: &str,
) -> Problem {
    Problem::at(
        code,
        Arc::clone(&typed.source),
        at.span.clone(),
        message,
        label,
        remedy,
    )
}

fn listeners(typed: &Typed, problems: &mut Vec<Problem>) -> Vec<Listener> {
    let trusted: Vec<_> = typed
        .trusted
        .iter()
        .map(|network| network.value.clone())
        .collect();
    let mut listeners: Vec<Listener> = Vec::new();
    for address in &typed.listen {
        if listeners
            .iter()
            .any(|listener| listener.address() == address.value)
        {
            problems.push(problem(
                typed,
                Code::Duplicate,
                address,
                format!("`{}` is listed twice", address.value),
                "again",
                "remove one of them",
            ));
        }
        match Listener::new(address.value, trusted.clone()) {
            Ok(listener) => listeners.push(listener),
            Err(error @ ListenerError::OpenRelay(_)) => problems.push(problem(
                typed,
                Code::OpenRelay,
                address,
                error.to_string(),
                "reachable by anybody",
                "name the networks of your own mail servers in `listen.trusted_networks`, or listen on a loopback address",
            )),
            Err(error @ ListenerError::Everybody(_)) => {
                let everybody = typed
                    .trusted
                    .iter()
                    .filter(|network| error == ListenerError::Everybody(network.value.clone()));
                problems.extend(everybody.map(|network| {
                    problem(
                        typed,
                        Code::OpenRelay,
                        network,
                        error.to_string(),
                        "everybody",
                        "name only the networks of your own mail servers",
                    )
                }));
            }
        }
    }
    listeners
}

fn check_route(typed: &Typed, route: &TypedRoute, problems: &mut Vec<Problem>) {
    let name = route.name.as_str();
    let own = typed.listen.iter().any(|listener| {
        is_own(
            listener.value,
            &route.next_hop.value.host,
            route.next_hop.value.port,
        )
    });
    if own {
        problems.push(problem(
            typed,
            Code::Loop,
            &route.next_hop,
            format!("the route `{name}` ends where Sluse itself listens: messages would go round in a circle"),
            "our own address",
            "give the address of the mail server that is to take the messages, not the one in `listen.addresses`",
        ));
    }
    let verified = route.tls.value == TypedTls::Verified;
    let private = verified || is_loopback(&route.next_hop.value.host);
    if name != NORMAL && !private {
        problems.push(problem(
            typed,
            Code::EmptyPromise,
            &route.tls,
            format!(
                "`{name}` is a secure route, but anybody on its way could read what it carries"
            ),
            "not verified",
            "set `tls = \"verified\"`; only a gateway on this machine may be reached without",
        ));
    }
    if let Some(claim) = &route.partner_tls
        && claim.value
        && !private
    {
        problems.push(problem(
            typed,
            Code::EmptyPromise,
            claim,
            format!("`partner_tls` promises verified TLS to partners, but the route `{name}` may itself be in the clear"),
            "promised here",
            "set `tls = \"verified\"` on this route; only a next hop on this machine may be reached without",
        ));
    }
    if !verified && (route.tls_name.is_some() || route.tls_authorities.is_some()) {
        problems.push(
            problem(
                typed,
                Code::Doubtful,
                &route.tls,
                format!("`tls_name` and `tls_authorities` of the route `{name}` do nothing, for no certificate is verified"),
                "not verified",
                "set `tls = \"verified\"`, or remove them",
            )
            .warning(),
        );
    }
}

/// A next hop that gets both kinds of message and can see no difference treats them alike.
fn check_same_hop(typed: &Typed, problems: &mut Vec<Problem>) {
    for route in &typed.routes.secure {
        let same = typed.routes.normal.next_hop.value == route.next_hop.value;
        let marked = route.marks.header.is_some() || route.marks.subject.is_some();
        if same && !marked {
            problems.push(problem(
                typed,
                Code::EmptyPromise,
                &route.next_hop,
                format!(
                    "the secure route `{}` ends where the normal route does and adds no mark, so it changes nothing",
                    route.name.as_str()
                ),
                "same as the normal route",
                "name the secure gateway, or add the `header` or `subject_mark` by which the next hop knows what to secure",
            ));
        }
    }
}

fn check_named_routes(typed: &Typed, policy: &TypedPolicy, problems: &mut Vec<Problem>) {
    let known: Vec<&str> = typed
        .routes
        .secure
        .iter()
        .map(|route| route.name.as_str())
        .collect();
    let mut told: Vec<&RouteName> = Vec::new();
    for named in &policy.routes {
        let name = &named.value;
        if known.contains(&name.as_str()) || told.contains(&name) {
            continue;
        }
        told.push(name);
        let name = name.as_str();
        problems.push(match &policy.source {
            Some(source) => Problem::at(
                Code::UnknownRoute,
                Arc::clone(source),
                named.span.clone(),
                format!("the route `{name}` is not configured"),
                "sent by this route",
                format!(
                    "add `[route.{name}]` to {}, or use another action",
                    typed.source.path().display()
                ),
            ),
            None => Problem::of_file(
                Code::UnknownRoute,
                Arc::clone(&typed.source),
                format!("the shipped policy sends by the secure route `{name}`, which is not configured"),
                format!(
                    "add `[route.{name}]` with its `next_hop`, or name a policy of your own: `file` in `[policy]`"
                ),
            ),
        });
    }
}

fn check_partners(typed: &Typed, policy: &TypedPolicy, problems: &mut Vec<Problem>) {
    let claim = typed.routes.normal.partner_tls.as_ref();
    let promised = claim.is_some_and(|claim| claim.value);
    if let (false, Some(source), Some(span)) = (promised, &policy.source, &policy.transport) {
        problems.push(
            Problem::at(
                Code::Doubtful,
                Arc::clone(source),
                span.clone(),
                "these domains count as unprotected, for the normal route does not promise verified TLS to them",
                "without effect",
                "once the next hop sends to them over verified TLS or not at all, set `partner_tls = true` in \
                 `[route.normal]`",
            )
            .warning(),
        );
    }
}

fn check_times(typed: &Typed, problems: &mut Vec<Problem>) {
    let at = |code, message: String, remedy: &str| {
        Problem::at(
            code,
            Arc::clone(&typed.source),
            typed.time_span.clone(),
            message,
            "",
            remedy,
        )
    };
    let verdict = typed.time.verdict;
    let needed = typed.read.time.saturating_add(typed.incident.patience);
    if needed >= verdict {
        problems.push(at(
            Code::Times,
            format!(
                "reading ({:?}) and recording ({:?}) may take longer than the time for a verdict ({verdict:?})",
                typed.read.time, typed.incident.patience
            ),
            "raise `limits.time.verdict`, or lower `limits.read.time` or `incident.patience`",
        ));
    }
    if verdict >= POSTFIX_PATIENCE {
        problems.push(
            at(
                Code::Doubtful,
                format!("a client that waits as long as Postfix (100 s) is gone before the verdict ({verdict:?})"),
                "set `limits.time.verdict` below 100 s, or raise `smtpd_proxy_timeout` in Postfix as well",
            )
            .warning(),
        );
    }
}

/// Postfix's default `smtpd_proxy_timeout`.
const POSTFIX_PATIENCE: Duration = Duration::from_secs(100);

fn believed(typed: &Typed, route: &TypedRoute) -> Route {
    let next_hop = route.next_hop.value.clone();
    Route {
        name: route.name.clone(),
        tls: match route.tls.value {
            TypedTls::Off => Tls::Off,
            TypedTls::Opportunistic => Tls::Opportunistic,
            TypedTls::Verified => Tls::Verified {
                name: route
                    .tls_name
                    .clone()
                    .unwrap_or_else(|| next_hop.host.clone()),
                authorities: route
                    .tls_authorities
                    .as_ref()
                    .map(|file| file.value.clone()),
            },
        },
        next_hop,
        marks: route.marks.clone(),
        helo: route
            .helo
            .clone()
            .unwrap_or_else(|| typed.host_name.clone()),
        wire: typed.wire.clone(),
        time: typed.time.clone(),
    }
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Whether what connects to this host and port reaches a listener of ours.
fn is_own(listener: SocketAddr, host: &str, port: u16) -> bool {
    let ip = listener.ip();
    listener.port() == port
        && (host.parse() == Ok(ip)
            || is_loopback(host) && (ip.is_unspecified() || ip.is_loopback()))
}
