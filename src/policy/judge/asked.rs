//! What a rule asks of one message.

use std::collections::BTreeSet;

use crate::extract::Place;
use crate::inspect::Inspection;
use crate::policy::judge::shield::Shield;
use crate::policy::{Case, Lack, Matched, Rule};

/// A rule that matched, and in which pieces of the message it found something.
pub(super) struct Asked {
    pub(super) matched: Matched,
    places: BTreeSet<Place>,
}

impl Asked {
    /// `None` where the rule does not match.
    pub(super) fn of(rule: &Rule, case: &Case<'_>) -> Option<Self> {
        let Inspection {
            findings,
            gaps,
            defects,
            protection,
            packs: _,
        } = case.inspection;
        let when = &rule.when;
        if !when.is_about_message(case.envelope, *protection) {
            return None;
        }
        let mut matched = Matched {
            rule: rule.id.clone(),
            need: rule.need,
            action: rule.action.clone(),
            findings: Vec::new(),
            found: 0,
            persons: 0,
            gaps: Vec::new(),
            unread: 0,
            defects: Vec::new(),
        };
        let mut places = BTreeSet::new();
        if when.asks_finding() {
            let mut persons = BTreeSet::new();
            for finding in findings.iter().filter(|finding| when.is_about(finding)) {
                matched.found += 1;
                places.insert(finding.place);
                persons.extend(finding.person);
                if matched.findings.len() < Matched::SHOWN {
                    matched.findings.push(finding.clone());
                }
            }
            matched.persons = persons.len();
            let enough = when
                .persons
                .is_none_or(|least| persons.len() >= least.get());
            if matched.found == 0 || !enough {
                return None;
            }
        }
        if !when.gaps.is_empty() {
            let unread = || gaps.iter().filter(|gap| when.gaps.contains(&gap.reason));
            matched.unread = unread().count();
            matched.gaps = unread().take(Matched::SHOWN).cloned().collect();
            if matched.unread == 0 {
                return None;
            }
        }
        if !when.defects.is_empty() {
            let odd = defects
                .iter()
                .filter(|defect| when.defects.contains(&defect.kind));
            matched.defects = odd.take(Matched::SHOWN).cloned().collect();
            if matched.defects.is_empty() {
                return None;
            }
        }
        Some(Self { matched, places })
    }

    /// What is missing behind this shield, if anything is.
    pub(super) fn lack(&self, shield: &Shield) -> Option<Lack> {
        let had = self
            .places
            .iter()
            .map(|place| match place {
                Place::Subject => shield.subject,
                Place::Header => shield.header,
                Place::Body | Place::AttachmentName | Place::Attachment => shield.parts,
            })
            .min()
            .unwrap_or(shield.unfound);
        (had < self.matched.need).then(|| Lack {
            rule: self.matched.rule.clone(),
            had,
            action: self.matched.action.clone(),
        })
    }
}
