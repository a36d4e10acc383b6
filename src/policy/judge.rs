//! Need against have, for every rule and every recipient.

use std::collections::BTreeSet;

use crate::extract::Place;
use crate::inspect::Inspection;
use crate::mail::Address;
use crate::mime::Protection;
use crate::policy::{
    Action, Carriage, Case, Disposition, Exposure, Judged, Lack, Level, Matched, Policy, RouteName,
    Rule, Verdict,
};

/// Judges a message.
///
/// Every rule that matches asks a level of protection for every recipient. Over SMTP there is one reply, so one
/// disposition holds for the whole message: the strictest action of any rule that any recipient lacks something of.
/// A secure route is taken only if it gives every recipient what every enforced rule asks; where none does, the
/// message is refused.
pub fn judge(policy: &Policy, case: &Case<'_>) -> Verdict {
    let mut asked: Vec<Asked> = policy
        .rules
        .iter()
        .filter_map(|rule| Asked::of(rule, case))
        .collect();
    // Stable: rules of the same need stay in the order of the file.
    asked.sort_by_key(|asked| std::cmp::Reverse(asked.matched.need));

    let standings: Vec<Standing> = case
        .envelope
        .recipients
        .iter()
        .map(|recipient| Standing::of(&recipient.address, policy))
        .collect();
    let own = case.inspection.protection;
    let normal = |standing: &Standing| Shield::of(*standing, case.routes.normal, own);

    let recipients: Vec<Judged> = case
        .envelope
        .recipients
        .iter()
        .zip(&standings)
        .map(|(recipient, standing)| Judged {
            recipient: recipient.address.masked(),
            have: normal(standing).unfound,
            lacks: asked
                .iter()
                .filter_map(|asked| asked.lack(&normal(standing)))
                .collect(),
        })
        .collect();

    let lacks = || recipients.iter().flat_map(|judged| &judged.lacks);
    let strictest = lacks().map(|lack| &lack.action).max();
    let suffices = |carriage: Carriage, asked: &Asked| {
        standings
            .iter()
            .all(|standing| asked.lack(&Shield::of(*standing, carriage, own)).is_none())
    };
    let mut no_route_for = None;
    let disposition = match strictest {
        None | Some(Action::Observe) => Disposition::Relay,
        Some(Action::Refuse) => Disposition::Refuse,
        Some(Action::Secure(_)) => {
            let enforced = || {
                asked
                    .iter()
                    .filter(|asked| asked.matched.action != Action::Observe)
            };
            let serves = |route: &RouteName| {
                case.routes
                    .secure
                    .get(route)
                    .is_some_and(|carriage| enforced().all(|asked| suffices(*carriage, asked)))
            };
            // The rules in the order of their need, so that the route of the strongest is tried first.
            let wanted = || {
                asked
                    .iter()
                    .filter_map(|asked| match &asked.matched.action {
                        Action::Secure(route)
                            if lacks().any(|lack| lack.rule == asked.matched.rule) =>
                        {
                            Some((&asked.matched.rule, route))
                        }
                        _ => None,
                    })
            };
            match wanted().find(|(_, route)| serves(route)) {
                Some((_, route)) => Disposition::Secure(route.clone()),
                None => {
                    no_route_for = wanted().next().map(|(rule, _)| rule.clone());
                    Disposition::Refuse
                }
            }
        }
    };
    let exposure = match &disposition {
        _ if strictest.is_none() => Exposure::None,
        Disposition::Refuse => Exposure::Averted,
        Disposition::Relay => Exposure::Left,
        Disposition::Secure(route) => {
            let carriage = case.routes.secure.get(route).copied().unwrap_or_default();
            // A rule that only observes may ask for more than the route gives.
            if asked.iter().all(|asked| suffices(carriage, asked)) {
                Exposure::Averted
            } else {
                Exposure::Left
            }
        }
    };
    Verdict {
        disposition,
        need: asked
            .first()
            .map_or(Level::None, |asked| asked.matched.need),
        recipients,
        rules: asked.into_iter().map(|asked| asked.matched).collect(),
        exposure,
        no_route_for,
    }
}

/// How a recipient stands to the organization, whatever the route.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Standing {
    Inside,
    Gateway,
    Partner,
    Stranger,
}

impl Standing {
    fn of(address: &Address, policy: &Policy) -> Self {
        match address.domain() {
            // `postmaster` alone is the postmaster of the server that takes it (RFC 5321 section 4.1.1.3).
            None => Self::Inside,
            Some(_) if policy.inside.surely_holds(address) => Self::Inside,
            Some(_) if policy.sealed.surely_holds(address) => Self::Gateway,
            Some(_) if policy.transport.surely_holds(address) => Self::Partner,
            Some(_) => Self::Stranger,
        }
    }
}

/// What protects each piece of a message on its way to one recipient by one route.
#[derive(Clone, Copy, Debug)]
struct Shield {
    /// The subject. Encryption of the message does not cover it, nor does Digital Post.
    subject: Level,
    /// The other header fields. As the subject, but a gateway reads them itself: a CPR number in `To:` is how it is
    /// addressed.
    header: Level,
    /// Findings in parts. Whatever encryption the message already has does not cover them: they could be read.
    parts: Level,
    /// What was not found because it could not be read, and the message as a whole.
    unfound: Level,
}

impl Shield {
    fn of(standing: Standing, carriage: Carriage, own: Protection) -> Self {
        let on_the_wire = match (standing, carriage) {
            (Standing::Inside, _) => Level::Inside,
            (Standing::Partner, Carriage::VerifiedTls) => Level::Transport,
            _ => Level::None,
        };
        let header = match standing {
            Standing::Gateway => Level::Sealed,
            _ => on_the_wire,
        };
        let parts = match carriage {
            Carriage::Sealed => header.max(Level::Sealed),
            Carriage::Open | Carriage::VerifiedTls => header,
        };
        let unfound = match own {
            Protection::None => parts,
            Protection::Smime | Protection::Pgp => parts.max(Level::Sealed),
        };
        Self {
            subject: on_the_wire,
            header,
            parts,
            unfound,
        }
    }
}

/// A rule that matched, and in which pieces of the message it found something.
struct Asked {
    matched: Matched,
    places: BTreeSet<Place>,
}

impl Asked {
    /// `None` where the rule does not match.
    fn of(rule: &Rule, case: &Case<'_>) -> Option<Self> {
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
    fn lack(&self, shield: &Shield) -> Option<Lack> {
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
