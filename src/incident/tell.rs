//! An incident told to a person, in Danish or English: what, who, why, and what happened.

use crate::detect::Confidence;
use crate::extract::{Place, Reason};
use crate::incident::event::EventKind;
use crate::incident::facts::{Facts, FindingFact, GapFact, RecipientFact, RuleFact};
use crate::incident::{Kind, Outcome, Severity, Share, Story};
use crate::pattern::Category;
use crate::policy::{
    Language, Level, because, category_name, confidence_name, level_name, place_name, reason_name,
};

/// Tells a story, line by line.
pub fn tell(story: &Story, language: Language) -> String {
    let summary = &story.summary;
    let mut lines = vec![
        format!("{} {}", language.pick("Hændelse", "Incident"), summary.id),
        format!(
            "{} {}",
            language.pick("Organisation:", "Organization:"),
            summary.tenant
        ),
        format!(
            "{} {}",
            language.pick("Ansvarlig afsender:", "Accountable sender:"),
            summary.sender.as_deref().unwrap_or_else(|| language.pick(
                "ingen (en besked fra et mailsystem)",
                "none (a notice of a mail system)"
            ))
        ),
    ];
    for event in &story.events {
        if let EventKind::Opened(facts) = &event.kind {
            lines.extend(told(facts, &summary.kind, language));
        }
    }
    lines.push(String::new());
    lines.push(
        language
            .pick("Forløb (UTC):", "What happened (UTC):")
            .to_owned(),
    );
    for event in &story.events {
        lines.push(format!(
            "  {}  {}",
            event.at.get(..19).unwrap_or(&event.at).replace('T', " "),
            happened(&event.kind, language)
        ));
    }
    lines.push(String::new());
    lines.join("\n")
}

fn told(facts: &Facts, kind: &str, language: Language) -> Vec<String> {
    let pick = |danish, english| language.pick(danish, english);
    let severity = match facts.severity {
        Severity::Low => pick("lav", "low"),
        Severity::Medium => pick("middel", "medium"),
        Severity::High => pick("høj", "high"),
    };
    let mut lines = vec![
        if kind == Kind::NearMiss.as_str() {
            pick(
                "Nærved-hændelse: beskeden forlod ikke organisationen ubeskyttet.",
                "Near miss: the message did not leave unprotected.",
            )
        } else {
            pick(
                "Muligt brud: beskeden blev sendt, eller skulle sendes, med mindre beskyttelse, end den kræver. Det er en \
                 mistanke; fristen på 72 timer begynder først, når et menneske har bekræftet bruddet.",
                "Possible breach: the message left, or was to leave, with less protection than it needs. This is a \
                 suspicion; the 72 hours begin when a person has confirmed the breach.",
            )
        }
        .to_owned(),
        format!("{} {severity}", pick("Alvor:", "Severity:")),
        String::new(),
        format!(
            "{} {}, {} {}, {} {}",
            pick("Indhold: fund:", "What it held: findings:"),
            facts.finding_count,
            pick("forskellige personer:", "different people:"),
            facts.person_count,
            pick("ulæst:", "unread:"),
            facts.gap_count,
        ),
    ];
    lines.extend(
        facts
            .findings
            .iter()
            .map(|finding| of_finding(finding, language)),
    );
    lines.extend(rest(facts.finding_count, facts.findings.len(), language));
    lines.extend(facts.gaps.iter().map(|gap| of_gap(gap, language)));
    lines.extend(rest(facts.gap_count, facts.gaps.len(), language));
    lines.push(String::new());
    lines.push(pick("Hvorfor:", "Why:").to_owned());
    lines.extend(facts.rules.iter().map(|rule| of_rule(rule, language)));
    if let Some(rule) = &facts.no_route_for {
        lines.push(format!(
            "  - {} \"{rule}\"",
            pick(
                "ingen sikker rute giver alle modtagere det, reglerne kræver; det blev til afvisning efter regel",
                "no secure route gives every recipient what the rules ask, so it became a refusal by rule",
            )
        ));
    }
    lines.push(String::new());
    lines.push(format!(
        "{} {}, {} {}",
        pick("Modtagere:", "Recipients:"),
        facts.recipient_count,
        pick("heraf uden nok beskyttelse:", "without enough protection:"),
        facts.lacking_count
    ));
    lines.extend(
        facts
            .recipients
            .iter()
            .map(|recipient| of_recipient(recipient, language)),
    );
    lines.extend(rest(
        facts.recipient_count,
        facts.recipients.len(),
        language,
    ));
    lines
}

fn of_finding(finding: &FindingFact, language: Language) -> String {
    let category = Category::ALL
        .into_iter()
        .find(|known| known.as_str() == finding.category)
        .map_or(finding.category.as_str(), |known| {
            category_name(known, language)
        });
    let confidence = [Confidence::Low, Confidence::Medium, Confidence::High]
        .into_iter()
        .find(|known| known.as_str() == finding.confidence)
        .map_or(finding.confidence.as_str(), |known| {
            confidence_name(known, language)
        });
    let origin = [Place::Subject, Place::Header, Place::Body]
        .into_iter()
        .find(|known| known.as_str() == finding.origin)
        .map_or(finding.origin.as_str(), |known| place_name(known, language));
    let mut line = format!(
        "  - {category} {} {} {origin} ({confidence}",
        finding.evidence,
        language.pick("i", "in")
    );
    for reason in &finding.reasons {
        line.push_str("; ");
        line.push_str(&because(reason, language));
    }
    line.push(')');
    line
}

fn of_gap(gap: &GapFact, language: Language) -> String {
    let reason = Reason::ALL
        .into_iter()
        .find(|known| known.as_str() == gap.reason)
        .map_or(gap.reason.as_str(), |known| reason_name(known, language));
    let what = match &gap.name {
        Some(name) => name.clone(),
        None => format!("{} {}", language.pick("del", "part"), gap.part),
    };
    format!(
        "  - {what} {}: {reason} ({})",
        language.pick("kunne ikke læses", "could not be read"),
        gap.detail
    )
}

fn of_rule(rule: &RuleFact, language: Language) -> String {
    let action = match rule.action.as_str() {
        "secure" => language.pick("ellers sikker rute", "otherwise a secure route"),
        "refuse" => language.pick("ellers afvisning", "otherwise refusal"),
        _ => language.pick("ellers kun noteret", "otherwise only noted"),
    };
    format!(
        "  - {} \"{}\" {} {}, {action}",
        language.pick("regel", "rule"),
        rule.rule,
        language.pick("kræver", "asks for"),
        level(&rule.need, language)
    )
}

fn of_recipient(recipient: &RecipientFact, language: Language) -> String {
    let mut line = format!(
        "  - {}: {}",
        recipient.recipient,
        level(&recipient.have, language)
    );
    for (at, lack) in recipient.lacks.iter().enumerate() {
        line.push_str(if at == 0 {
            language.pick("; for lidt efter ", "; too little for ")
        } else {
            ", "
        });
        line.push_str(&format!("\"{}\"", lack.rule));
    }
    line
}

fn happened(kind: &EventKind, language: Language) -> String {
    let pick = |danish: &'static str, english: &'static str| language.pick(danish, english);
    match kind {
        EventKind::Opened(facts) => format!(
            "{} {}{}",
            pick("bedømt:", "judged:"),
            disposition(&facts.disposition, facts.route.as_deref(), language),
            source(&facts.transaction, facts.queue_id.as_deref(), language)
        ),
        EventKind::Repeated(repeated) => format!(
            "{} {}{}",
            pick("tilbudt igen og bedømt:", "offered again and judged:"),
            disposition(&repeated.disposition, repeated.route.as_deref(), language),
            source(
                &repeated.transaction,
                repeated.queue_id.as_deref(),
                language
            )
        ),
        EventKind::Outcome(outcome) => of_outcome(outcome, language),
        EventKind::Erased => pick(
            "slettet efter opbevaringsfristen",
            "erased when its time was up",
        )
        .to_owned(),
    }
}

fn disposition(word: &str, route: Option<&str>, language: Language) -> String {
    let words = match word {
        "relay" => language.pick("sendes videre", "to be relayed"),
        "refuse" => language.pick("afvises", "to be refused"),
        _ => language.pick("sendes ad den sikre rute", "to be sent by the secure route"),
    };
    match route {
        Some(route) => format!("{words} \"{route}\""),
        None => words.to_owned(),
    }
}

fn source(transaction: &str, queue_id: Option<&str>, language: Language) -> String {
    match queue_id {
        Some(id) => format!(
            " ({} {transaction}, {} {id})",
            language.pick("transaktion", "transaction"),
            language.pick("mailserverens kø-id", "queue id of the mail server")
        ),
        None => format!(
            " ({} {transaction})",
            language.pick("transaktion", "transaction")
        ),
    }
}

fn of_outcome(outcome: &Outcome, language: Language) -> String {
    let pick = |danish: &'static str, english: &'static str| language.pick(danish, english);
    match outcome {
        Outcome::Relayed => pick(
            "sendt videre ad den normale vej",
            "relayed by the normal route",
        )
        .to_owned(),
        Outcome::Secured { route } => format!(
            "{} \"{route}\"",
            pick("sendt ad den sikre rute", "sent by the secure route")
        ),
        Outcome::Refused => pick("afvist; intet er sendt", "refused; nothing was sent").to_owned(),
        Outcome::Declined { code } => format!(
            "{} ({code})",
            pick("afvist af den næste mailserver", "refused by the next hop")
        ),
        Outcome::Deferred { code } => format!(
            "{} ({code})",
            pick(
                "udsat; mailserveren prøver igen",
                "deferred; the mail server tries again"
            )
        ),
        Outcome::Unknown => pick(
            "sendt, men det vides ikke, om den blev modtaget; mailserveren prøver igen",
            "sent, but it is not known whether it was taken; the mail server tries again",
        )
        .to_owned(),
        Outcome::Mixed { shares } => {
            let shares: Vec<String> = shares.iter().map(|it| of_share(it, language)).collect();
            shares.join("; ")
        }
    }
}

fn of_share(share: &Share, language: Language) -> String {
    let mut who = share.recipients.join(", ");
    if let Some(more) = rest(share.recipient_count, share.recipients.len(), language) {
        who.push(' ');
        who.push_str(more.trim_start());
    }
    format!("{who}: {}", of_outcome(&share.outcome, language))
}

fn level(word: &str, language: Language) -> &str {
    Level::ALL
        .into_iter()
        .find(|known| known.as_str() == word)
        .map_or(word, |known| level_name(known, language))
}

fn rest(all: usize, told: usize, language: Language) -> Option<String> {
    let more = all.checked_sub(told).filter(|more| *more > 0)?;
    Some(format!(
        "  {} {more} {}",
        language.pick("og", "and"),
        language.pick("mere", "more")
    ))
}
