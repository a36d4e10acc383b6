//! What was typed, compared with itself: what each table means beside the others.

use crate::accept;
use crate::act::{Begin, Login, NextHops, Route, Tls, Verified};
use crate::certificate::IdentityFiles;
use crate::config::contradictions;
use crate::config::edges;
use crate::config::listeners::listeners;
use crate::config::policy::TypedPolicy;
use crate::config::problem::Problem;
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
        pid_file: typed.pid_file.clone(),
        accept: accept::Settings {
            host_name: typed.host_name.clone(),
            listeners,
            chunking: typed.listen.chunking,
            wire: typed.wire.clone(),
            time: typed.time.clone(),
        },
        monitor: typed.monitor.clone(),
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
            waiting: typed.waiting,
            memory: typed.memory,
            ocr: typed.ocr.settings,
        },
        patterns: typed.patterns,
        policy: policy.policy,
        incident: typed.incident,
        journal: typed.journal.map(|journal| journal.value),
        conflict: typed.listen.conflict,
        log: typed.log,
    }
}

fn believed(typed: &Typed, route: &TypedRoute) -> Route {
    let mut next_hops = route.next_hops.iter().map(|hop| hop.value.clone());
    // That there is none was reported, so that this configuration is never believed.
    let first = next_hops.next().unwrap_or_else(default_next_hop);
    let others = next_hops.collect();
    Route {
        name: route.name.clone(),
        tls: match route.tls.value {
            TypedTls::Off => Tls::Off,
            TypedTls::Opportunistic => Tls::Opportunistic(identity(route)),
            TypedTls::Verified => Tls::Verified(verified(route, Begin::StartTls)),
            TypedTls::Implicit => Tls::Verified(verified(route, Begin::Implicit)),
        },
        next_hops: NextHops { first, others },
        marks: route.marks.clone(),
        helo: route
            .helo
            .clone()
            .unwrap_or_else(|| typed.host_name.clone()),
        wire: typed.wire.clone(),
        time: typed.time.clone(),
    }
}

fn verified(route: &TypedRoute, begin: Begin) -> Verified {
    let authorities = route.tls_authorities.as_ref();
    let login = route
        .auth_user
        .as_ref()
        .zip(route.auth_password_file.as_ref());
    Verified {
        name: route.tls_name.clone(),
        authorities: authorities.map(|file| file.value.clone()),
        begin,
        identity: identity(route),
        login: login.map(|(user, file)| Login {
            user: user.value.clone(),
            password_file: file.value.clone(),
        }),
    }
}

/// One without the other was reported.
fn identity(route: &TypedRoute) -> Option<IdentityFiles> {
    let (certificate, key) = route.tls_certificate.as_ref().zip(route.tls_key.as_ref())?;
    Some(IdentityFiles {
        certificate: certificate.value.clone(),
        key: key.value.clone(),
    })
}
