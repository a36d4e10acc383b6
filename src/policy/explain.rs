//! A verdict told in plain words: what is done, which rule asks for it, what was found, who lacks what.

use crate::policy::words::{
    Language, category_name, confidence_name, level_name, origin_name, reason_name,
};
use crate::policy::{Action, Disposition, Exposure, Judged, Matched, Verdict, because};

/// Explains a verdict to the person who asks for it, line by line. No recipient and no finding is told in the clear.
pub fn explain(verdict: &Verdict, language: Language) -> String {
    let mut lines = vec![disposition(verdict, language)];
    for matched in &verdict.rules {
        lines.push(rule(matched, language));
        lines.extend(reasons(matched, language));
    }
    if let Some(rule) = &verdict.no_route_for {
        lines.push(
            language
                .pick(
                    "Ingen sikker rute giver alle modtagere det, reglerne kræver, så regel \"{}\" fører til afvisning.",
                    "No secure route gives every recipient what the rules ask, so rule \"{}\" becomes a refusal.",
                )
                .replace("{}", rule.as_str()),
        );
    }
    lines.extend(recipients(&verdict.recipients, language));
    if verdict.exposure == Exposure::Left {
        lines.push(
            language
                .pick(
                    "Beskeden går til mindst én modtager med mindre beskyttelse, end den kræver: et muligt brud.",
                    "The message goes to some recipient with less protection than it needs: a possible breach.",
                )
                .to_owned(),
        );
    }
    lines.push(String::new());
    lines.join("\n")
}

/// The most recipients that are told one by one. The rest are counted.
const RECIPIENTS: usize = 20;

fn disposition(verdict: &Verdict, language: Language) -> String {
    match &verdict.disposition {
        Disposition::Relay => language
            .pick(
                "Sendes videre ad den normale vej.",
                "Relayed by the normal route.",
            )
            .to_owned(),
        Disposition::Secure(route) => format!(
            "{} \"{}\".",
            language.pick("Sendes ad den sikre rute", "Sent by the secure route"),
            route.as_str()
        ),
        Disposition::Refuse => language
            .pick("Afvises; intet er sendt.", "Refused; nothing was sent.")
            .to_owned(),
    }
}

fn rule(matched: &Matched, language: Language) -> String {
    let action = match &matched.action {
        Action::Observe => language
            .pick("ellers kun noteret", "otherwise only noted")
            .to_owned(),
        Action::Secure(route) => format!(
            "{} \"{}\"",
            language.pick("ellers ad den sikre rute", "otherwise by the secure route"),
            route.as_str()
        ),
        Action::Refuse => language
            .pick("ellers afvist", "otherwise refused")
            .to_owned(),
    };
    format!(
        "{} \"{}\" {} {}, {action}.",
        language.pick("Regel", "Rule"),
        matched.rule.as_str(),
        language.pick("kræver", "asks for"),
        level_name(matched.need, language)
    )
}

fn reasons(matched: &Matched, language: Language) -> Vec<String> {
    let mut lines = Vec::new();
    for finding in &matched.findings {
        let mut line = format!(
            "  - {} {} {} {} ({}",
            category_name(finding.category, language),
            finding.evidence.as_str(),
            language.pick("i", "in"),
            origin_name(finding.place, &finding.origin, language),
            confidence_name(finding.confidence, language),
        );
        for reason in &finding.reasons {
            line.push_str("; ");
            line.push_str(&because(reason, language));
        }
        line.push(')');
        lines.push(line);
    }
    lines.extend(rest(matched.found, matched.findings.len(), language));
    if matched.persons > 1 {
        lines.push(format!(
            "  {} {}",
            matched.persons,
            language.pick("forskellige personer", "different people")
        ));
    }
    for gap in &matched.gaps {
        let what = match &gap.name {
            Some(name) => name.masked().as_str().to_owned(),
            None => format!("{} {}", language.pick("del", "part"), gap.part),
        };
        lines.push(format!(
            "  - {what} {}: {} ({})",
            language.pick("kunne ikke læses", "could not be read"),
            reason_name(gap.reason, language),
            gap.detail
        ));
    }
    lines.extend(rest(matched.unread, matched.gaps.len(), language));
    for defect in &matched.defects {
        lines.push(format!(
            "  - {} {}: {}",
            language.pick("fejl i del", "defect in part"),
            defect.part,
            defect.kind.as_str()
        ));
    }
    lines
}

fn recipients(recipients: &[Judged], language: Language) -> Vec<String> {
    let mut lines = Vec::new();
    for judged in recipients.iter().take(RECIPIENTS) {
        let mut line = format!(
            "{} {}: {}",
            language.pick("Modtager", "Recipient"),
            judged.recipient,
            level_name(judged.have, language)
        );
        if judged.lacks.is_empty() {
            line.push_str(language.pick("; det er nok.", "; that is enough."));
        } else {
            let rules: Vec<String> = judged
                .lacks
                .iter()
                .map(|lack| format!("\"{}\"", lack.rule.as_str()))
                .collect();
            line.push_str(language.pick("; for lidt efter ", "; too little for "));
            line.push_str(&rules.join(", "));
            line.push('.');
        }
        lines.push(line);
    }
    lines.extend(rest(recipients.len(), lines.len(), language));
    lines
}

fn rest(all: usize, shown: usize, language: Language) -> Option<String> {
    let more = all.checked_sub(shown).filter(|more| *more > 0)?;
    Some(format!(
        "  {} {more} {}",
        language.pick("og", "and"),
        language.pick("mere", "more")
    ))
}
