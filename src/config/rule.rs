//! `[[rule]]`: one rule of a policy, as it was typed.

use std::num::NonZeroUsize;
use std::ops::Range;

use crate::config::policy::{domain_wrong, sentence};
use crate::config::problem::Code;
use crate::config::section::{Section, Written};
use crate::config::value::{Wrong, suggestion, word};
use crate::detect::{Confidence, PatternId};
use crate::extract::{Place, Reason};
use crate::mime::{DefectKind, Protection};
use crate::pattern::Category;
use crate::policy::{Action, Level, RouteName, Rule, RuleId, RuleWords, Senders, When};

/// One rule, with the places that another rule or file may contradict.
#[derive(Debug)]
pub(super) struct TypedRule {
    pub(super) rule: Rule,
    pub(super) span: Range<usize>,
    pub(super) route: Option<Written<RouteName>>,
}

/// Reads one rule. `None` where it has no name, need or action that could be read; why was reported.
pub(super) fn rule(mut section: Section<'_>, patterns: Option<&[PatternId]>) -> Option<TypedRule> {
    let table = section.span();
    let name = section.text("name", rule_name);
    let need = section.text("need", |text| {
        word(text, "level of protection", Level::ALL, Level::as_str)
    });
    let action = section.text("action", |text| {
        word(text, "action", ["observe", "secure", "refuse"], |action| {
            action
        })
    });
    let route = section.text("route", |text| Ok(RouteName::new(text)));
    let words = RuleWords {
        da: section.text("da", sentence).map(|words| words.value),
        en: section.text("en", sentence).map(|words| words.value),
    };
    let when = when(section.section("when"), patterns);
    if when.is_empty() && !section.has("when") {
        section.missing(
            "when",
            "say when the rule applies; `when.protection = [\"none\"]` is every message that is not encrypted",
        );
    }
    for (key, remedy) in [
        ("name", "give the rule a name, as `name = \"cpr\"`"),
        (
            "need",
            "say what is needed: `transport`, `sealed` or `inside`",
        ),
        (
            "action",
            "say what is done where it is missing: `secure`, `refuse` or `observe`",
        ),
    ] {
        if !section.has(key) {
            section.missing(key, remedy);
        }
    }
    let action_span = action.as_ref().map(|action| action.span.clone());
    let action = action.map(|action| action.value);
    if let (Some(route), Some("observe" | "refuse")) = (&route, action) {
        section.report().at(
            Code::WrongValue,
            route.span.clone(),
            "this rule names a route and does not secure",
            "without effect",
            "set `action = \"secure\"`, or remove the route",
        );
    }
    section.finish();

    let route = (action == Some("secure")).then(|| {
        route.unwrap_or_else(|| Written {
            value: RouteName::new("secure"),
            span: action_span.unwrap_or_else(|| table.clone()),
        })
    });
    let name = name?;
    Some(TypedRule {
        span: name.span,
        rule: Rule {
            id: RuleId::new(&name.value),
            when,
            need: need?.value,
            action: match (action?, &route) {
                ("observe", _) => Action::Observe,
                ("secure", Some(route)) => Action::Secure(route.value.clone()),
                _ => Action::Refuse,
            },
            words,
        },
        route,
    })
}

fn rule_name(text: &str) -> Result<String, Wrong> {
    let good = (1..=60).contains(&text.len())
        && text
            .bytes()
            .all(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_' | b'.'));
    if good {
        Ok(text.to_owned())
    } else {
        Err(Wrong::new(
            "is no name of a rule",
            "use 1 to 60 letters, digits, `-`, `_` and `.`",
        ))
    }
}

fn when(mut section: Section<'_>, patterns: Option<&[PatternId]>) -> When {
    let mut senders: Option<Senders> = None;
    for text in section
        .texts("senders", |text| {
            Senders::default()
                .add(text)
                .map(|()| text.to_owned())
                .map_err(domain_wrong)
        })
        .unwrap_or_default()
    {
        // What was just tried cannot fail.
        let _ = senders.get_or_insert_default().add(&text.value);
    }
    let when = When {
        patterns: several(&mut section, "patterns", |text| pattern(text, patterns)),
        categories: several(&mut section, "categories", |text| {
            word(text, "category", Category::ALL, Category::as_str)
        }),
        confidence: section
            .text("confidence", |text| {
                let all = [Confidence::Low, Confidence::Medium, Confidence::High];
                word(text, "confidence", all, Confidence::as_str)
            })
            .map(|written| written.value),
        places: several(&mut section, "places", |text| {
            word(text, "place", PLACES, Place::as_str)
        }),
        persons: section
            .number("persons")
            .and_then(|number| NonZeroUsize::new(number.value)),
        gaps: several(&mut section, "gaps", |text| {
            word(text, "reason of a gap", Reason::ALL, Reason::as_str)
        }),
        defects: several(&mut section, "defects", |text| {
            word(text, "defect", DefectKind::ALL, DefectKind::as_str)
        }),
        senders,
        protection: several(&mut section, "protection", |text| {
            let all = [Protection::None, Protection::Smime, Protection::Pgp];
            word(text, "protection of a message", all, protection_word)
        }),
    };
    section.finish();
    when
}

/// A list that must name something where it is written: an empty one would silently mean "any".
fn several<T, All: FromIterator<T>>(
    section: &mut Section<'_>,
    key: &'static str,
    read: impl Fn(&str) -> Result<T, Wrong>,
) -> All {
    let list = section.texts(key, read);
    section.not_empty(key, "name one at least, or remove the key");
    list.into_iter()
        .flatten()
        .map(|written| written.value)
        .collect()
}

fn pattern(text: &str, known: Option<&[PatternId]>) -> Result<PatternId, Wrong> {
    let wanted = PatternId::new(text);
    match known {
        Some(known) if !known.contains(&wanted) => {
            let names: Vec<&str> = known.iter().map(PatternId::as_str).collect();
            Err(Wrong {
                code: Code::UnknownWord,
                what: "is no pattern of any pack".to_owned(),
                remedy: suggestion(text, &names),
            })
        }
        _ => Ok(wanted),
    }
}

fn protection_word(protection: Protection) -> &'static str {
    match protection {
        Protection::None => "none",
        Protection::Smime => "smime",
        Protection::Pgp => "pgp",
    }
}

const PLACES: [Place; 5] = [
    Place::Subject,
    Place::Header,
    Place::Body,
    Place::AttachmentName,
    Place::Attachment,
];
