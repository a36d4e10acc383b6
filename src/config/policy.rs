//! `policy.toml`, read.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use crate::config::policy_lint::lint;
use crate::config::problem::{Code, Problem};
use crate::config::rule::{TypedRule, rule};
use crate::config::section::{Report, Section, Written};
use crate::config::source::Source;
use crate::config::typed::{Typed, parse};
use crate::config::value::Wrong;
use crate::detect::PatternId;
use crate::policy::{
    DomainForm, DomainFormError, DomainSet, Notice, NoticeTexts, Policy, RouteName,
};

/// The policy that is shipped, as its file says it.
pub const SHIPPED_POLICY: &str = include_str!("../../config/policy.toml");

/// A policy, with the places of what `sluse.toml` must agree with.
#[derive(Debug)]
pub(super) struct TypedPolicy {
    pub(super) policy: Policy,
    /// Every secure route a rule names.
    pub(super) routes: Vec<Written<RouteName>>,
    /// Where partner domains are listed, if any are.
    pub(super) transport: Option<Range<usize>>,
    /// The file. `None`: the shipped one.
    pub(super) source: Option<Arc<Source>>,
}

/// The policy a configuration names.
pub(super) fn of(typed: &Typed, patterns: Option<&[PatternId]>) -> (TypedPolicy, Vec<Problem>) {
    match &typed.policy {
        None => {
            let unnamed = Problem::of_file(
                Code::Doubtful,
                Arc::clone(&typed.source),
                "no policy is named, so the shipped one judges, and it knows none of your domains",
                "copy `policy.toml`, name your own domains in it, and name it as `file` in `[policy]`",
            );
            (shipped(), vec![unnamed.warning()])
        }
        Some(file) => match Source::read(&file.value) {
            Ok(source) => read(source, patterns),
            Err(problem) => {
                let at = Problem::at(
                    problem.code,
                    Arc::clone(&typed.source),
                    file.span.clone(),
                    problem.message,
                    "the policy",
                    problem.remedy,
                );
                (shipped(), vec![at])
            }
        },
    }
}

/// The shipped policy. A test holds it free of problems.
pub(super) fn shipped() -> TypedPolicy {
    let (typed, _) = read(Source::new(Path::new("policy.toml"), SHIPPED_POLICY), None);
    TypedPolicy {
        source: None,
        ..typed
    }
}

/// Reads a policy.
pub(super) fn read(
    source: Arc<Source>,
    patterns: Option<&[PatternId]>,
) -> (TypedPolicy, Vec<Problem>) {
    let report = Report::new(Arc::clone(&source));
    let table = parse(&report);
    let mut root = Section::root(&report, &table);

    let mut domains = root.section("domains");
    let inside = domain_set(&mut domains, "inside");
    let transport = domain_set(&mut domains, "transport");
    let sealed = domain_set(&mut domains, "sealed");
    domains.finish();
    let notice = notice(root.section("notice"));
    let tables = root.sections("rule");
    let none = tables.is_empty();
    let rules: Vec<TypedRule> = tables
        .into_iter()
        .filter_map(|table| rule(table, patterns))
        .collect();
    root.finish();

    lint(&report, &rules);
    if none {
        report.push(
            Problem::of_file(
                Code::Doubtful,
                Arc::clone(&source),
                "this policy has no rule, so every message is relayed",
                "add a rule; the shipped policy has some to begin with",
            )
            .warning(),
        );
    }
    if inside.0.is_empty() {
        report.push(
            Problem::of_file(
                Code::Doubtful,
                Arc::clone(&source),
                "no domain is `inside`, so mail to colleagues is judged as mail to strangers",
                "name your own domains as `inside` in `[domains]`",
            )
            .warning(),
        );
    }
    drop(table);
    let typed = TypedPolicy {
        routes: rules.iter().filter_map(|rule| rule.route.clone()).collect(),
        transport: (!transport.0.is_empty()).then_some(transport.1),
        policy: Policy {
            inside: inside.0,
            transport: transport.0,
            sealed: sealed.0,
            rules: rules.into_iter().map(|rule| rule.rule).collect(),
            notice,
        },
        source: Some(source),
    };
    (typed, report.finish())
}

/// A domain as a policy writes it, or why it is none.
pub(super) fn domain_wrong(error: DomainFormError) -> Wrong {
    let remedy = match error {
        DomainFormError::Address => "write the part after the `@`",
        DomainFormError::Wildcard => {
            "write `.kommune.example` for every domain below `kommune.example`"
        }
        DomainFormError::Literal => {
            "name a domain; whoever holds an address today may not hold it tomorrow"
        }
        DomainFormError::TooWide => "name a domain of at least two names, as `kommune.example`",
        DomainFormError::Malformed => {
            "write a domain as `kommune.example`, or `.kommune.example` for all below it"
        }
    };
    Wrong::new(error.to_string(), remedy)
}

fn domain_set(section: &mut Section<'_>, key: &'static str) -> (DomainSet, Range<usize>) {
    let entries = section.texts(key, |text| text.parse::<DomainForm>().map_err(domain_wrong));
    let mut set = DomainSet::default();
    let mut span = section.span();
    for (at, entry) in entries.unwrap_or_default().into_iter().enumerate() {
        if at == 0 {
            span = entry.span.clone();
        }
        span.end = entry.span.end;
        if !set.insert(entry.value) {
            section.report().at(
                Code::Duplicate,
                entry.span,
                format!("this domain stands twice in `{key}`"),
                "again",
                "remove one of them",
            );
        }
    }
    (set, span)
}

fn notice(mut section: Section<'_>) -> NoticeTexts {
    let mut in_language = |key| {
        let mut language = section.section(key);
        let mut text = |key| language.text(key, sentence).map(|text| text.value);
        let notice = Notice {
            opening: text("opening"),
            advice: text("advice"),
            contact: text("contact"),
        };
        language.finish();
        notice
    };
    let texts = NoticeTexts {
        da: in_language("da"),
        en: in_language("en"),
    };
    section.finish();
    texts
}

/// A sentence for a sender: it must fit a line of a reply.
pub(super) fn sentence(text: &str) -> Result<Box<str>, Wrong> {
    let length = text.trim().chars().count();
    if length == 0 || length > 300 || text.trim().contains(char::is_control) {
        return Err(Wrong::new(
            "does not fit a line of a reply",
            "write 1 to 300 characters on one line",
        ));
    }
    Ok(text.trim().into())
}
