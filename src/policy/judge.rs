//! Need against have, for every rule and every recipient.

mod asked;
mod shield;

use crate::mail::Address;
use crate::mime::Protection;
use crate::policy::judge::asked::Asked;
use crate::policy::judge::shield::{Shield, Standing};
use crate::policy::{
    Action, Carriage, Case, Disposition, Exposure, Judged, Lack, Level, Policy, RouteName, Routes,
    RuleId, Verdict,
};

/// Judges a message whose recipients share one reply, as they do over SMTP.
///
/// Every rule that matches asks a level of protection for every recipient. One disposition holds for the whole message:
/// the strictest action of any rule that any recipient lacks something of.
/// A secure route is taken only if it gives every recipient what every enforced rule asks; where none does, the
/// message is refused.
pub fn judge(policy: &Policy, case: &Case<'_>) -> Verdict {
    let judging = Judging::of(policy, case);
    let mut standings: Vec<Standing> = Vec::new();
    for standing in &judging.standings {
        if !standings.contains(standing) {
            standings.push(*standing);
        }
    }
    let decision = judging.decide(&standings);
    let everybody: Vec<usize> = (0..judging.standings.len()).collect();
    judging.verdict(&everybody, decision)
}

/// Judges a message of which each recipient is answered alone, as over LMTP: as [`judge`] would judge it for that recipient and
/// nobody else. Recipients with the same disposition are one part, in the order of the first of each.
pub fn judge_each(policy: &Policy, case: &Case<'_>) -> Vec<Part> {
    let judging = Judging::of(policy, case);
    // A recipient is judged by how he stands to the organization, so there are no more decisions than ways to stand.
    let mut decided: Vec<(Standing, usize)> = Vec::new();
    let mut groups: Vec<(Decision, Vec<usize>)> = Vec::new();
    for (recipient, standing) in judging.standings.iter().enumerate() {
        let known = decided.iter().find(|(known, _)| known == standing);
        let group = match known {
            Some((_, group)) => *group,
            None => {
                let decision = judging.decide(&[*standing]);
                let same =
                    |(it, _): &(Decision, Vec<usize>)| it.disposition == decision.disposition;
                let group = groups.iter().position(same).unwrap_or(groups.len());
                match groups.get_mut(group) {
                    Some((together, _)) => together.join(decision),
                    None => groups.push((decision, Vec::new())),
                }
                decided.push((*standing, group));
                group
            }
        };
        if let Some((_, recipients)) = groups.get_mut(group) {
            recipients.push(recipient);
        }
    }
    groups
        .into_iter()
        .map(|(decision, recipients)| Part {
            verdict: judging.verdict(&recipients, decision),
            recipients,
        })
        .collect()
}

/// The protection a recipient has on the normal route, whatever a message may say and however it may protect itself.
pub fn have(policy: &Policy, routes: &Routes, recipient: &Address) -> Level {
    let standing = Standing::of(recipient, policy);
    Shield::of(standing, routes.normal, Protection::None).unfound
}

/// Recipients of one message to whom the same is done.
#[derive(Clone, Debug)]
pub struct Part {
    /// Which they are, by their place in the envelope, in order.
    pub recipients: Vec<usize>,
    /// The verdict about them, as if there were no others.
    pub verdict: Verdict,
}

/// A message beside the policy.
struct Judging<'a> {
    case: &'a Case<'a>,
    /// The rules that match, strongest need first.
    asked: Vec<Asked>,
    /// How each recipient stands, in the order of the envelope.
    standings: Vec<Standing>,
}

/// What is to be done.
struct Decision {
    disposition: Disposition,
    exposure: Exposure,
    no_route_for: Option<RuleId>,
}

impl Decision {
    /// The same is done for others, perhaps for other reasons.
    fn join(&mut self, other: Self) {
        self.exposure = self.exposure.max(other.exposure);
        self.no_route_for = self.no_route_for.take().or(other.no_route_for);
    }
}

impl<'a> Judging<'a> {
    fn of(policy: &Policy, case: &'a Case<'a>) -> Self {
        let rules = policy.rules.iter();
        let mut asked: Vec<Asked> = rules.filter_map(|rule| Asked::of(rule, case)).collect();
        // Stable: rules of the same need stay in the order of the file.
        asked.sort_by_key(|asked| std::cmp::Reverse(asked.matched.need));
        let recipients = case.envelope.recipients.iter();
        Self {
            case,
            asked,
            standings: recipients
                .map(|recipient| Standing::of(&recipient.address, policy))
                .collect(),
        }
    }

    /// What protects the message on its way to whoever stands so.
    fn shield(&self, standing: Standing, carriage: Carriage) -> Shield {
        Shield::of(standing, carriage, self.case.inspection.protection)
    }

    /// What one who stands so lacks on the normal route.
    fn lacks(&self, standing: Standing) -> impl Iterator<Item = Lack> {
        let shield = self.shield(standing, self.case.routes.normal);
        self.asked.iter().filter_map(move |it| it.lack(&shield))
    }

    /// What is done for recipients who stand so and share one answer.
    fn decide(&self, standings: &[Standing]) -> Decision {
        let lacks: Vec<Lack> = standings.iter().flat_map(|it| self.lacks(*it)).collect();
        let strictest = lacks.iter().map(|lack| &lack.action).max();
        let secure = &self.case.routes.secure;
        let suffices = |carriage: Carriage, asked: &Asked| {
            standings
                .iter()
                .all(|standing| asked.lack(&self.shield(*standing, carriage)).is_none())
        };
        let mut no_route_for = None;
        let disposition = match strictest {
            None | Some(Action::Observe) => Disposition::Relay,
            Some(Action::Refuse) => Disposition::Refuse,
            Some(Action::Secure(_)) => {
                let enforced = || {
                    self.asked
                        .iter()
                        .filter(|asked| asked.matched.action != Action::Observe)
                };
                let serves = |route: &RouteName| {
                    secure
                        .get(route)
                        .is_some_and(|carriage| enforced().all(|asked| suffices(*carriage, asked)))
                };
                // The rules in the order of their need, so that the route of the strongest is tried first.
                let wanted = || {
                    self.asked
                        .iter()
                        .filter_map(|asked| match &asked.matched.action {
                            Action::Secure(route)
                                if lacks.iter().any(|lack| lack.rule == asked.matched.rule) =>
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
                let carriage = secure.get(route).copied().unwrap_or_default();
                // A rule that only observes may ask for more than the route gives.
                if self.asked.iter().all(|asked| suffices(carriage, asked)) {
                    Exposure::Averted
                } else {
                    Exposure::Left
                }
            }
        };
        Decision {
            disposition,
            exposure,
            no_route_for,
        }
    }

    /// The verdict about these recipients.
    fn verdict(&self, recipients: &[usize], decision: Decision) -> Verdict {
        let normal = self.case.routes.normal;
        let judged = |&at: &usize| {
            let recipient = self.case.envelope.recipients.get(at)?;
            let standing = *self.standings.get(at)?;
            Some(Judged {
                recipient: recipient.address.masked(),
                have: self.shield(standing, normal).unfound,
                lacks: self.lacks(standing).collect(),
            })
        };
        let need = self.asked.first().map(|asked| asked.matched.need);
        Verdict {
            disposition: decision.disposition,
            need: need.unwrap_or(Level::None),
            recipients: recipients.iter().filter_map(judged).collect(),
            rules: self.asked.iter().map(|it| it.matched.clone()).collect(),
            exposure: decision.exposure,
            no_route_for: decision.no_route_for,
        }
    }
}
