//! What contradicts itself: within a route, between routes, between the two files, between times.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use crate::act::NextHop;
use crate::config::listen::TypedListener;
use crate::config::policy::TypedPolicy;
use crate::config::problem::{Code, Problem};
use crate::config::routes::{NORMAL, TypedRoute, TypedTls};
use crate::config::section::Written;
use crate::config::typed::Typed;
use crate::inspect::SEARCHING;
use crate::policy::RouteName;
use crate::smtp::StrayLineEndings;

/// Compares what was typed with itself.
pub(super) fn check(typed: &Typed, policy: &TypedPolicy, problems: &mut Vec<Problem>) {
    for route in typed.routes.all() {
        check_route(typed, route, problems);
    }
    check_same_hop(typed, problems);
    check_named_routes(typed, policy, problems);
    check_partners(typed, policy, problems);
    check_times(typed, problems);
}

/// A problem at a place of `sluse.toml`.
pub(super) fn problem<T>(
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

fn check_route(typed: &Typed, route: &TypedRoute, problems: &mut Vec<Problem>) {
    let name = route.name.as_str();
    if route.next_hops.is_empty() {
        return;
    }
    let listeners = || typed.listen.listeners.iter().flat_map(TypedListener::all);
    for (at, hop) in route.next_hops.iter().enumerate() {
        let before = route.next_hops.get(..at).unwrap_or_default();
        if before.iter().any(|known| known.value == hop.value) {
            problems.push(problem(
                typed,
                Code::Duplicate,
                hop,
                format!("the route `{name}` names `{}` twice", hop.value),
                "again",
                "remove one of them: a host that failed is not tried again in the same transaction",
            ));
        }
        let own = listeners().any(|(listener, _)| is_own(listener.value, &hop.value));
        if !own {
            continue;
        }
        problems.push(problem(
            typed,
            Code::Loop,
            hop,
            format!("the route `{name}` ends where Sluse itself listens: messages would go round in a circle"),
            "our own address",
            "give the address of the mail server that is to take the messages, not one in `[listen]`",
        ));
    }
    let verified = route.tls.value.is_verified();
    let mut hops = route.next_hops.iter();
    let private = verified || hops.all(|hop| is_loopback(&hop.value.host));
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
    check_own_identity(typed, route, problems);
}

/// Who we are to a next hop: each of a pair with the other, and a password only to one that is verified.
fn check_own_identity(typed: &Typed, route: &TypedRoute, problems: &mut Vec<Problem>) {
    let name = route.name.as_str();
    let mut alone = |span: &std::ops::Range<usize>, key: &str, other: &str| {
        problems.push(Problem::at(
            Code::Missing,
            Arc::clone(&typed.source),
            span.clone(),
            format!("the route `{name}` has a `{key}` and no `{other}`"),
            "alone",
            format!("name the `{other}` as well, or remove it"),
        ));
    };
    match (&route.tls_certificate, &route.tls_key) {
        (Some(only), None) => alone(&only.span, "tls_certificate", "tls_key"),
        (None, Some(only)) => alone(&only.span, "tls_key", "tls_certificate"),
        _ => {}
    }
    match (&route.auth_user, &route.auth_password_file) {
        (Some(only), None) => alone(&only.span, "auth_user", "auth_password_file"),
        (None, Some(only)) => alone(&only.span, "auth_password_file", "auth_user"),
        _ => {}
    }
    let shown = route
        .tls_certificate
        .as_ref()
        .filter(|_| route.tls.value == TypedTls::Off);
    problems.extend(shown.map(|file| {
        let message = format!("the route `{name}` has a certificate, but no TLS to show it in");
        let remedy = "set `tls = \"verified\"`, or remove it";
        problem(
            typed,
            Code::Doubtful,
            file,
            message,
            "without effect",
            remedy,
        )
        .warning()
    }));
    let said = route
        .auth_user
        .as_ref()
        .filter(|_| !route.tls.value.is_verified());
    problems.extend(said.map(|user| {
        let message =
            format!("the route `{name}` would send a password to whoever answers at its next hop");
        let remedy =
            "set `tls = \"verified\"` or `tls = \"implicit\"`: only then is a password sent";
        problem(
            typed,
            Code::EmptyPromise,
            user,
            message,
            "not verified",
            remedy,
        )
    }));
}

/// A next hop that gets both kinds of message and can see no difference treats them alike.
fn check_same_hop(typed: &Typed, problems: &mut Vec<Problem>) {
    for route in &typed.routes.secure {
        let normal = &typed.routes.normal.next_hops;
        let is_normal = |hop: &&Written<NextHop>| normal.iter().any(|it| it.value == hop.value);
        let marked = route.marks.header.is_some() || route.marks.subject.is_some();
        if let Some(hop) = route.next_hops.iter().find(is_normal)
            && !marked
        {
            problems.push(problem(
                typed,
                Code::EmptyPromise,
                hop,
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
    let reading = typed.read.time;
    let pictures = typed.ocr.settings.as_ref().map(|ocr| ocr.time);
    let pictures = pictures.map_or(Duration::ZERO, |time| {
        time.saturating_add(SEARCHING.min(reading))
    });
    let patience = typed.incident.patience;
    let normalizes = |it: &TypedListener| it.strays == StrayLineEndings::Normalize;
    let once = reading.saturating_add(pictures);
    let normalized = typed.listen.listeners.iter().any(normalizes);
    if once.saturating_add(patience) >= verdict {
        problems.push(at(
            Code::Times,
            format!(
                "reading ({reading:?}), reading pictures and searching their text ({pictures:?}) and recording ({patience:?}) may take longer than the time for a verdict ({verdict:?})",
            ),
            "raise `limits.time.verdict`, or lower `limits.read.time`, `ocr.time` or `incident.patience`",
        ));
    } else if normalized && once.saturating_mul(2).saturating_add(patience) >= verdict {
        // Few messages take all their time, and fewer of those have stray line endings: such a one is deferred, and it can be told why.
        problems.push(
            at(
                Code::Times,
                format!(
                    "a message whose line endings are normalized is read twice, and twice reading ({reading:?}) and pictures with their text ({pictures:?}) and recording ({patience:?}) may take longer than the time for a verdict ({verdict:?}): it is deferred then",
                ),
                "raise `limits.time.verdict`, lower `limits.read.time`, `ocr.time` or `incident.patience`, or leave it if few messages are as slow",
            )
            .warning(),
        );
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

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Whether what connects to this next hop reaches a listener of ours.
fn is_own(listener: SocketAddr, hop: &NextHop) -> bool {
    let ip = listener.ip();
    let any = ip.is_unspecified() || ip.is_loopback();
    listener.port() == hop.port && (hop.host.parse() == Ok(ip) || is_loopback(&hop.host) && any)
}
