//! What is allowed in a policy and cannot be meant.

use std::sync::Arc;

use crate::config::problem::Code;
use crate::config::problem::Problem;
use crate::config::rule::TypedRule;
use crate::config::section::Report;
use crate::extract::Place;
use crate::policy::{Action, Level};

/// Compares the rules with one another.
pub(super) fn lint(report: &Report, rules: &[TypedRule]) {
    for (at, typed) in rules.iter().enumerate() {
        let rule = &typed.rule;
        let name = rule.id.as_str();
        let before = rules.get(..at).unwrap_or_default();
        if before.iter().any(|other| other.rule.id == rule.id) {
            report.at(
                Code::Duplicate,
                typed.span.clone(),
                format!("there are two rules named `{name}`"),
                "again",
                "give each rule its own name, for incidents name the rule",
            );
            continue;
        }
        let idle = |message: String, remedy: &str| {
            report.push(
                Problem::at(
                    Code::IdleRule,
                    Arc::clone(report.source()),
                    typed.span.clone(),
                    message,
                    "",
                    remedy,
                )
                .warning(),
            );
        };
        if rule.need == Level::None {
            idle(
                format!("the rule `{name}` needs `none`, which every recipient has"),
                "set `need` to `transport`, `sealed` or `inside`, or remove the rule",
            );
            continue;
        }
        let secures = matches!(rule.action, Action::Secure(_));
        if secures && rule.need == Level::Inside {
            idle(
                format!("the rule `{name}` always refuses, for no secure route stays `inside`"),
                "set `need = \"sealed\"`, or `action = \"refuse\"`",
            );
        }
        let in_the_clear = |place: &Place| matches!(place, Place::Subject | Place::Header);
        if secures && !rule.when.places.is_empty() && rule.when.places.iter().all(in_the_clear) {
            idle(
                format!("the rule `{name}` always refuses, for no secure route covers the header"),
                "set `action = \"refuse\"` and tell the sender to remove what stands there",
            );
        }
        let shadow = rules.iter().enumerate().find(|(other_at, other)| {
            let other = &other.rule;
            *other_at != at
                && other.need >= rule.need
                && strictness(&other.action) >= strictness(&rule.action)
                && other.when.covers(&rule.when)
                // Of two that say the same, the second is told.
                && !(*other_at > at
                    && rule.when.covers(&other.when)
                    && rule.need == other.need
                    && strictness(&rule.action) == strictness(&other.action))
        });
        if let Some((_, shadow)) = shadow {
            idle(
                format!(
                    "the rule `{name}` changes nothing: wherever it applies, `{}` does, needs as much and is as strict",
                    shadow.rule.id.as_str()
                ),
                "remove it, or make it ask for more",
            );
        }
    }
}

fn strictness(action: &Action) -> u8 {
    match action {
        Action::Observe => 0,
        Action::Secure(_) => 1,
        Action::Refuse => 2,
    }
}
