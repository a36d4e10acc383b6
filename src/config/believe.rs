//! What was typed, compared with itself: what each table means beside the others.

use crate::accept::{self, Listener, ListenerError};
use crate::act::{Route, Tls};
use crate::config::contradictions::{self, problem};
use crate::config::edges;
use crate::config::policy::TypedPolicy;
use crate::config::problem::{Code, Problem};
use crate::config::routes::{TypedRoute, TypedTls, default_next_hop};
use crate::config::typed::Typed;
use crate::config::{Config, Inspect, Purpose, Routes};
use crate::policy::{self as judging, Carriage};

/// Makes the configuration of what was typed, and adds to `problems` whatever contradicts itself or this machine.
pub(super) fn believe(
    typed: Typed,
    policy: TypedPolicy,
    purpose: Purpose,
    problems: &mut Vec<Problem>,
) -> Config {
    let listeners = listeners(&typed, problems);
    contradictions::check(&typed, &policy, problems);
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
            chunking: typed.listen.chunking,
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
            memory: typed.memory,
        },
        patterns: typed.patterns,
        policy: policy.policy,
        incident: typed.incident,
        conflict: typed.listen.conflict,
        log: typed.log,
    }
}

fn listeners(typed: &Typed, problems: &mut Vec<Problem>) -> Vec<Listener> {
    let trusted: Vec<_> = typed
        .listen
        .trusted
        .iter()
        .map(|network| network.value.clone())
        .collect();
    let mut listeners: Vec<Listener> = Vec::new();
    for (address, protocol) in typed.listen.all() {
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
            Ok(listener) => listeners.push(listener.speaking(protocol)),
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
                    .listen
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

fn believed(typed: &Typed, route: &TypedRoute) -> Route {
    let next_hop = match &route.next_hop {
        Some(hop) => hop.value.clone(),
        // Was reported, so that this configuration is never believed.
        None => default_next_hop(),
    };
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
