//! The reasons of a finding, in the language of whoever reads them.
//!
//! Detection gives its reasons in English, in fixed words and the words of the pack; so they are stored, and so an administrator
//! sees them. A person who decides about an incident reads them here in Danish.

use std::borrow::Cow;

use crate::policy::Language;

/// A reason of a finding in `language`. One that is not known stays as it is: a word too many is better than a reason too few.
pub fn because(reason: &str, language: Language) -> Cow<'_, str> {
    if language == Language::English {
        return reason.into();
    }
    if let Some((_, danish)) = FIXED.iter().find(|(english, _)| *english == reason) {
        return (*danish).into();
    }
    for (before, after, danish) in AROUND {
        let inner = reason
            .strip_prefix(before)
            .and_then(|rest| rest.strip_suffix(after));
        if let Some(inner) = inner {
            return danish.replace("{}", inner).into();
        }
    }
    reason.into()
}

const FIXED: &[(&str, &str)] = &[
    (
        "a code with a date of late in it is likelier than so old a person",
        "en kode med en nylig dato er mere sandsynlig end så gammel en person",
    ),
    ("a name stands beside it", "der står et navn ved siden af"),
    ("a zero in front was lost", "et nul forrest er gået tabt"),
    (
        "born on a date without check digits",
        "født på en dato, hvor numre ikke har kontrolciffer",
    ),
    ("check digit right", "kontrolcifferet passer"),
    ("check digit wrong", "kontrolcifferet passer ikke"),
    (
        "date and last four digits apart",
        "fødselsdato og de sidste fire cifre står hver for sig",
    ),
    ("e-CPR", "e-CPR"),
    (
        "it follows a noun, whose number it may be",
        "det står efter et navneord, hvis nummer det kan være",
    ),
    (
        "it may be a Swedish personnummer",
        "det kan være et svensk personnummer",
    ),
    (
        "it may be an Icelandic kennitala",
        "det kan være en islandsk kennitala",
    ),
    (
        "it stands in a list of numbers that nearly all check",
        "det står i en liste, hvor næsten alle numre passer",
    ),
    (
        "it stands where a person would in the sentence",
        "det står, hvor en person ville stå i sætningen",
    ),
    ("no label", "ingen betegnelse"),
    (
        "nobody alive was born in that year",
        "ingen nulevende er født det år",
    ),
    (
        "replacement number, day + 60",
        "erstatningspersonnummer, dag + 60",
    ),
    (
        "what touches it more often touches other numbers",
        "det, der står klos op ad det, hører oftere til andre numre",
    ),
];

/// Reasons around words of the pack: what stands before and after them, and the Danish for the whole.
const AROUND: &[(&str, &str, &str)] = &[
    (
        "label `",
        "` at the head of its column",
        "betegnelsen \"{}\" øverst i kolonnen",
    ),
    ("label `", "` before it", "betegnelsen \"{}\" foran"),
    (
        "label `",
        "` before its list",
        "betegnelsen \"{}\" foran listen",
    ),
    ("label `", "` behind it", "betegnelsen \"{}\" bagved"),
    ("label `", "` in its row", "betegnelsen \"{}\" i rækken"),
    (
        "it is about a person: `",
        "`",
        "det handler om en person: \"{}\"",
    ),
    (
        "that is the label of another number: ",
        "",
        "den betegner et andet nummer: {}",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_pack_stay() {
        let told = because(
            "label `personnummer*` at the head of its column",
            Language::Danish,
        );
        assert_eq!(told, "betegnelsen \"personnummer*\" øverst i kolonnen");
    }
}
