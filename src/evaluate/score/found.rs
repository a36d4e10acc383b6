//! What was found in one mail, to be asked for.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::detect::{Confidence, Finding, Fingerprint, PatternId};
use crate::evaluate::score::{Asked, FalseAlarm, Label, Met};
use crate::evaluate::{Expect, NationalId, Planted, Thing};
use crate::extract::Reason;
use crate::inspect::Inspection;
use crate::mime::Protection;
use crate::pattern::{Category, Packs};

/// What was found in one mail.
pub(super) struct Found<'a> {
    packs: &'a Packs,
    inspection: &'a Inspection,
    least: Confidence,
    /// The numbers that nothing asked for yet, by whom they are of.
    numbers: BTreeMap<Fingerprint, VecDeque<&'a Finding>>,
    /// Whoever was asked for: another finding of them is no false alarm.
    known: BTreeSet<Fingerprint>,
}

impl<'a> Found<'a> {
    pub(super) fn new(packs: &'a Packs, inspection: &'a Inspection, least: Confidence) -> Self {
        let mut found = Self {
            packs,
            inspection,
            least,
            numbers: BTreeMap::new(),
            known: BTreeSet::new(),
        };
        let mut numbers: BTreeMap<_, VecDeque<_>> = BTreeMap::new();
        for finding in found.of(Category::NationalId) {
            if let Some(person) = finding.person {
                numbers.entry(person).or_default().push_back(finding);
            }
        }
        found.numbers = numbers;
        found
    }

    /// Every finding that counts.
    pub(super) fn counted(&self) -> impl Iterator<Item = &'a Finding> + use<'a> {
        let least = self.least;
        let findings = self.inspection.findings.iter();
        findings.filter(move |finding| finding.confidence >= least)
    }

    fn of(&self, category: Category) -> impl Iterator<Item = &'a Finding> + use<'a> {
        self.counted().filter(move |it| it.category == category)
    }

    pub(super) fn planted(&mut self, planted: &Planted) -> Label {
        let label = match &planted.thing {
            Thing::Number(number) => self.number(number),
            Thing::Category(category) => self.category(*category),
        };
        Label {
            technique: Some(planted.technique.clone()),
            ..label
        }
    }

    /// One occurrence of a number: each finding answers for one of them.
    pub(super) fn number(&mut self, number: &NationalId) -> Label {
        let persons = number.fingerprints(self.packs);
        let numbers = &mut self.numbers;
        let findings = persons
            .iter()
            .filter_map(|person| numbers.get_mut(person)?.pop_front());
        let findings: Vec<&Finding> = findings.collect();
        let is_it = |it: &Finding| it.person.is_some_and(|person| persons.contains(&person));
        let label = self.label(Asked::Number(number.evidence()), &findings, is_it);
        self.known.extend(persons);
        label
    }

    pub(super) fn category(&self, category: Category) -> Label {
        let findings: Vec<&Finding> = self.of(category).collect();
        self.label(Asked::Category(category), &findings, |it| {
            it.category == category
        })
    }

    fn label(&self, asked: Asked, by: &[&Finding], is_it: impl Fn(&Finding) -> bool) -> Label {
        let met = match surest(by) {
            Some(finding) => Met::Found {
                by: patterns(by),
                reasons: finding.reasons.clone(),
            },
            None => Met::Missed {
                instead: self.instead(is_it),
            },
        };
        Label {
            asked,
            technique: None,
            met,
        }
    }

    pub(super) fn expectation(&self, expect: Expect) -> Met {
        let gap = |it: &Reason| *it != Reason::Media;
        let gaps = || self.inspection.gaps.iter().map(|it| it.reason);
        let holds = match expect {
            Expect::Find => true,
            Expect::Clean => self.counted().next().is_none() && !gaps().any(|it| gap(&it)),
            Expect::Uninspectable => !self.inspection.gaps.is_empty(),
            Expect::Protected => self.inspection.protection != Protection::None,
        };
        if holds {
            Met::Found {
                by: Vec::new(),
                reasons: Vec::new(),
            }
        } else {
            Met::Missed {
                instead: self.instead(|_| false),
            }
        }
    }

    /// What stands where something was missed: itself, found with too little confidence; else what else was found, and
    /// what was not read.
    fn instead(&self, is_it: impl Fn(&Finding) -> bool) -> Vec<Box<str>> {
        let all = self.inspection.findings.iter();
        let unsure = all.filter(|it| it.confidence < self.least && is_it(it));
        let unsure = unsure.map(|it| told(it, &it.reasons.join(", ")));
        let others = self.counted().map(|it| told(it, it.origin.as_str()));
        let unread = self.inspection.gaps.iter();
        let unread = unread.map(|gap| format!("not read: {}", gap.detail));
        // The same thing is often found in the text and in the HTML beside it.
        let mut seen = BTreeSet::new();
        let told = unsure.chain(others).chain(unread);
        let told: Vec<String> = told.filter(|it| seen.insert(it.clone())).collect();
        let more = told.len().saturating_sub(MOST_INSTEAD);
        let mut instead: Vec<Box<str>> = told
            .into_iter()
            .take(MOST_INSTEAD)
            .map(Into::into)
            .collect();
        if more > 0 {
            instead.push(format!("and {more} more").into());
        }
        if instead.is_empty() {
            instead.push("nothing".into());
        }
        instead
    }

    /// What was found beside what was asked for, and the `known` categories.
    pub(super) fn false_alarms(&self, known: &BTreeSet<Category>) -> Vec<FalseAlarm> {
        let stranger = |it: &&Finding| it.person.is_none_or(|person| !self.known.contains(&person));
        let numbers = self.of(Category::NationalId).filter(stranger);
        let mut false_alarms: Vec<_> = numbers.filter_map(|it| false_alarm(&[it])).collect();
        for category in Category::ALL {
            if category == Category::NationalId || known.contains(&category) {
                continue;
            }
            let findings: Vec<&Finding> = self.of(category).collect();
            false_alarms.extend(false_alarm(&findings));
        }
        false_alarms
    }
}

/// The most things that are told in the place of one that was missed; how many more there are is told too.
const MOST_INSTEAD: usize = 4;

fn told(finding: &Finding, about: &str) -> String {
    let (category, confidence) = (finding.category.as_str(), finding.confidence.as_str());
    format!(
        "{category} {} ({confidence}: {about})",
        finding.evidence.as_str()
    )
}

fn surest<'a>(findings: &[&'a Finding]) -> Option<&'a Finding> {
    // The first of the surest.
    let findings = findings.iter().rev().copied();
    findings.max_by_key(|it| it.confidence)
}

fn patterns(findings: &[&Finding]) -> Vec<PatternId> {
    let patterns: BTreeSet<_> = findings.iter().map(|it| it.pattern.clone()).collect();
    patterns.into_iter().collect()
}

/// One false alarm of all `findings`; `None` where there are none.
pub(super) fn false_alarm(findings: &[&Finding]) -> Option<FalseAlarm> {
    let finding = surest(findings)?;
    Some(FalseAlarm {
        category: finding.category,
        by: patterns(findings),
        confidence: finding.confidence,
        evidence: finding.evidence.clone(),
        origin: finding.origin.clone(),
        reasons: finding.reasons.clone(),
    })
}
