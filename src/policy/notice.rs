//! What the sender of a refused message is told, in the reply itself.
//!
//! The reply becomes the text of the delivery notice that the sender's mail server writes, so it is often the only
//! thing an employee ever sees of Sluse. Replies are ASCII (RFC 5321 section 4.2; only SMTPUTF8 allows more), so
//! Danish letters are written out: `æ` as `ae`.

use crate::mail::{FileName, Masked};
use crate::policy::words::{Language, category_name, origin_name, reason_name};
use crate::policy::{Action, Matched, Policy, Verdict};

/// The texts of a notice that an organization may word itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoticeTexts {
    /// In Danish.
    pub da: Notice,
    /// In English.
    pub en: Notice,
}

/// The texts of a notice in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notice {
    /// The first sentence: that the message was not sent. `None`: our own words.
    pub opening: Option<Box<str>>,
    /// How to send it safely, where the rule does not say so itself. `None`: our own words.
    pub advice: Option<Box<str>>,
    /// Whom to ask. `None`: nobody is named.
    pub contact: Option<Box<str>>,
}

/// Whom a refusal is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum About {
    /// The message: its recipients share one reply, so nobody gets it.
    Message,
    /// One recipient, who is answered alone: others may get it.
    Recipient,
}

/// The text of the refusal of a message, line by line, each with its enhanced status code and without the reply code:
/// `5.7.1 Beskeden er ikke sendt ..`.
///
/// `reference` identifies the incident. At most 10 lines, each of at most 400 octets of ASCII, so that a reply line
/// stays under the 512 octets of RFC 5321 section 4.5.3.1.5.
pub fn refusal(policy: &Policy, verdict: &Verdict, reference: &str, about: About) -> Vec<String> {
    let found = found(verdict, Language::Danish);
    let (nobody_da, nobody_en) = match about {
        About::Message => ("nogen", "anyone"),
        About::Recipient => ("denne modtager", "this recipient"),
    };
    let not_sent = format!("Beskeden er IKKE sendt til {nobody_da}.");
    let mut lines = vec![policy_or(
        policy.notice.da.opening.as_deref(),
        &if found.is_empty() {
            not_sent
        } else {
            format!("{not_sent} Den indeholder noget, som ikke må sendes med almindelig mail:")
        },
    )];
    lines.extend(found);
    lines.push(advice(policy, verdict, Language::Danish));
    lines.push(format!(
        "{} {}",
        policy_or(
            policy.notice.en.opening.as_deref(),
            &format!("English: this message was NOT sent to {nobody_en}."),
        ),
        advice(policy, verdict, Language::English)
    ));
    let contact = [&policy.notice.da.contact, &policy.notice.en.contact]
        .into_iter()
        .find_map(|contact| contact.as_deref())
        .map(|contact| format!(" - {contact}"));
    lines.push(format!(
        "Reference: {reference}{}",
        contact.unwrap_or_default()
    ));
    lines.truncate(LINES);
    lines
        .iter()
        .map(|line| cut(&format!("5.7.1 {}", ascii(line))))
        .collect()
}

/// The most lines of a refusal.
const LINES: usize = 10;

/// The most octets of a line of a refusal, without reply code and line ending.
const LINE: usize = 400;

/// The most things that are named one by one.
const NAMED: usize = 4;

fn policy_or(own: Option<&str>, ours: &str) -> String {
    own.unwrap_or(ours).to_owned()
}

/// The rules that made it a refusal: those that say so, or, where no route sufficed, those that asked for one.
fn refusing(verdict: &Verdict) -> Vec<&Matched> {
    let refused = |matched: &&Matched| matched.action == Action::Refuse;
    let mut rules: Vec<&Matched> = verdict.lacked().filter(refused).collect();
    if rules.is_empty() {
        rules = verdict
            .lacked()
            .filter(|matched| matched.action != Action::Observe)
            .collect();
    }
    rules
}

/// What was found, a line each: `- CPR-nummer 1102XX-XXXX i liste.xlsx Ark1!B7`.
fn found(verdict: &Verdict, language: Language) -> Vec<String> {
    let rules = refusing(verdict);
    let mut named: Vec<String> = Vec::new();
    for matched in &rules {
        let findings = matched.findings.iter().map(|finding| {
            format!(
                "- {} {} {} {}",
                category_name(finding.category, language),
                finding.evidence.as_str(),
                language.pick("i", "in"),
                origin_name(finding.place, &finding.origin, language)
            )
        });
        let gaps = matched.gaps.iter().map(|gap| {
            let name = gap.name.as_ref().map(FileName::masked);
            format!(
                "- {} {} ({})",
                name.as_ref().map_or_else(
                    || language.pick("en del af beskeden", "a part of the message"),
                    Masked::as_str
                ),
                language.pick("kunne ikke kontrolleres", "could not be checked"),
                reason_name(gap.reason, language)
            )
        });
        for line in findings.chain(gaps) {
            // Two rules may be about one finding.
            if !named.contains(&line) {
                named.push(line);
            }
        }
    }
    if named.len() > NAMED {
        named.truncate(NAMED);
        let most = |count: fn(&Matched) -> usize| rules.iter().map(|rule| count(rule)).max();
        named.push(format!(
            "- {} ({}: {}, {}: {})",
            language.pick("og mere af samme slags", "and more of the kind"),
            language.pick("fund", "findings"),
            most(|rule| rule.found + rule.unread).unwrap_or(0),
            language.pick("personer", "people"),
            most(|rule| rule.persons).unwrap_or(0),
        ));
    }
    named
}

/// Why it matters and how to send it safely: the words of the rules, else of the policy, else our own.
fn advice(policy: &Policy, verdict: &Verdict, language: Language) -> String {
    let mut words: Vec<&str> = Vec::new();
    for matched in refusing(verdict) {
        let of_rule = policy
            .rule(&matched.rule)
            .and_then(|rule| rule.words.in_language(language));
        if let Some(text) = of_rule
            && !words.contains(&text)
        {
            words.push(text);
        }
    }
    if !words.is_empty() {
        return words.join(" ");
    }
    let own = match language {
        Language::Danish => &policy.notice.da.advice,
        Language::English => &policy.notice.en.advice,
    };
    policy_or(
        own.as_deref(),
        language.pick(
            "Almindelig mail kan læses af andre undervejs. Send den som sikker mail eller Digital Post, eller fjern \
             oplysningerne og send igen.",
            "Others can read ordinary mail on its way. Send it as secure mail or Digital Post, or remove the \
             information and send again.",
        ),
    )
}

/// The text in printable ASCII.
fn ascii(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            'æ' => plain.push_str("ae"),
            'ø' => plain.push_str("oe"),
            'å' => plain.push_str("aa"),
            'Æ' => plain.push_str("Ae"),
            'Ø' => plain.push_str("Oe"),
            'Å' => plain.push_str("Aa"),
            'é' | 'è' | 'ê' => plain.push('e'),
            'ä' => plain.push_str("ae"),
            'ö' => plain.push_str("oe"),
            'ü' => plain.push('u'),
            // How masked digits are shown.
            '•' => plain.push('X'),
            '…' => plain.push_str("..."),
            '–' | '—' => plain.push('-'),
            '’' | '‘' => plain.push('\''),
            '“' | '”' | '»' | '«' => plain.push('"'),
            ' '..='~' => plain.push(c),
            c if c.is_whitespace() => plain.push(' '),
            _ => plain.push('?'),
        }
    }
    plain
}

/// The line, cut visibly at [`LINE`] octets of ASCII.
fn cut(line: &str) -> String {
    match line.get(..LINE - 3) {
        Some(start) if line.len() > LINE => format!("{start}..."),
        _ => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_printable_ascii_and_short() {
        assert_eq!(
            ascii("Rødgrød på Åsen – ••••••-••••\r\n日…"),
            "Roedgroed paa Aasen - XXXXXX-XXXX  ?..."
        );
        assert_eq!(cut(&"x".repeat(LINE)).len(), LINE);
        let long = cut(&"x".repeat(LINE + 1));
        assert!(long.len() == LINE && long.ends_with("..."));
    }
}
