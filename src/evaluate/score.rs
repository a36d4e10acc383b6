//! What was found in one mail, laid beside the truth about it.

mod found;

use std::collections::BTreeSet;

use crate::detect::{Confidence, Evidence, PatternId};
use crate::evaluate::score::found::{Found, false_alarm};
use crate::evaluate::{Carrier, Expect, Thing, Truth};
use crate::inspect::Inspection;
use crate::mail::Masked;
use crate::pattern::{Category, Packs};

/// What came of one mail.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Score {
    /// Everything that was asked of it, in the order of its labels. The same for whatever packs.
    pub labels: Vec<Label>,
    /// What was found and nobody labelled. In a labelled text and in a carrier, a sensitive category counts once, however
    /// often it was found; numbers, and everything in a negative, count one by one.
    pub false_alarms: Vec<FalseAlarm>,
}

/// One thing that was asked of a mail, and whether it came about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// What was asked.
    pub asked: Asked,
    /// In a carrier, how it was done.
    pub technique: Option<Box<str>>,
    /// What came of it.
    pub met: Met,
}

/// What can be asked of a mail.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Asked {
    /// That this number, told masked, is found.
    Number(Evidence),
    /// That the category is found.
    Category(Category),
    /// That a carrier which is not to be found comes to this. Never [`Expect::Find`].
    Expect(Expect),
}

/// What came of what was asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Met {
    /// It came about.
    Found {
        /// By these patterns.
        by: Vec<PatternId>,
        /// The reasons of the finding that was surest.
        reasons: Vec<Box<str>>,
    },
    /// It did not; and this, in our own words and masked, is what was found instead.
    Missed {
        /// At least one thing: `nothing` where there was nothing.
        instead: Vec<Box<str>>,
    },
}

/// Something that was found and is not there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FalseAlarm {
    /// What it was taken for.
    pub category: Category,
    /// By which patterns.
    pub by: Vec<PatternId>,
    /// How sure the surest of them was.
    pub confidence: Confidence,
    /// What that was, masked.
    pub evidence: Evidence,
    /// Where it stands.
    pub origin: Masked,
    /// Why it was taken for that.
    pub reasons: Vec<Box<str>>,
}

/// Scores one mail: `inspection` is what `packs` found in it, and what is found counts from the confidence `least`.
pub fn score(truth: &Truth, packs: &Packs, inspection: &Inspection, least: Confidence) -> Score {
    let mut found = Found::new(packs, inspection, least);
    match truth {
        Truth::Labels(labels) => {
            let numbers = labels.numbers.iter().map(|it| found.number(it));
            let mut asked: Vec<Label> = numbers.collect();
            asked.extend(labels.categories.iter().map(|it| found.category(*it)));
            Score {
                labels: asked,
                false_alarms: found.false_alarms(&labels.categories),
            }
        }
        Truth::Carrier(carrier) => of_carrier(carrier, &mut found),
        Truth::Negative => Score {
            labels: Vec::new(),
            false_alarms: found
                .counted()
                .filter_map(|it| false_alarm(&[it]))
                .collect(),
        },
    }
}

fn of_carrier(carrier: &Carrier, found: &mut Found<'_>) -> Score {
    let planted = carrier.planted.iter();
    let asked: Vec<Label> = planted.clone().map(|it| found.planted(it)).collect();
    let mut known = carrier.categories.clone();
    known.extend(planted.filter_map(|it| match it.thing {
        Thing::Category(category) => Some(category),
        Thing::Number(_) => None,
    }));
    let mut false_alarms = found.false_alarms(&known);
    let labels = match carrier.expect {
        Expect::Find => asked,
        other => {
            let met = found.expectation(other);
            if other == Expect::Clean {
                // What was found is what broke the expectation; it is not told twice.
                false_alarms.clear();
            }
            techniques(carrier)
                .map(|technique| Label {
                    asked: Asked::Expect(other),
                    technique: Some(technique.into()),
                    met: met.clone(),
                })
                .collect()
        }
    };
    Score {
        labels,
        false_alarms,
    }
}

/// The techniques of a carrier that is not to be found, each once; where nothing was planted, what is expected of it.
fn techniques(carrier: &Carrier) -> impl Iterator<Item = &str> {
    let planted: BTreeSet<&str> = carrier.planted.iter().map(|it| &*it.technique).collect();
    let nothing = planted.is_empty().then_some(match carrier.expect {
        Expect::Clean => "nothing planted",
        _ => "nothing told of what is inside",
    });
    planted.into_iter().chain(nothing)
}
