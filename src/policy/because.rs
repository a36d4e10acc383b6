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
        "few numbers of the list have a date in them",
        "få numre i listen har en dato i sig",
    ),
    (
        "it follows a noun, whose number it may be",
        "det står efter et navneord, hvis nummer det kan være",
    ),
    (
        "it is another one of what was named before",
        "det er endnu et af det, der blev nævnt før",
    ),
    (
        "it is called a number, and of no person",
        "det kaldes et nummer, men ikke en persons",
    ),
    (
        "it is called the number of that",
        "det kaldes nummeret på det",
    ),
    ("it is the end of a range", "det er enden af et interval"),
    ("it may be a P-number", "det kan være et P-nummer"),
    (
        "it may be a Swedish personnummer",
        "det kan være et svensk personnummer",
    ),
    (
        "it may be a date and a year",
        "det kan være en dato og et årstal",
    ),
    (
        "it may be a date of late and a time",
        "det kan være en nylig dato og et klokkeslæt",
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
        "it stands in an address of the web",
        "det står i en webadresse",
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
        "the number before it in the list checks",
        "nummeret før det i listen passer",
    ),
    (
        "the number before it is another one",
        "nummeret før det er et andet slags nummer",
    ),
    (
        "the number before it is one",
        "nummeret før det er et CPR-nummer",
    ),
    (
        "the numbers of the list were counted up",
        "numrene i listen er fortløbende",
    ),
    (
        "the text says that it is none",
        "teksten siger, at det ikke er et CPR-nummer",
    ),
    ("the two parts stand apart", "de to dele står hver for sig"),
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
        "a matter of persons stands before it: `",
        "`",
        "foran står noget, der vedrører personer: \"{}\"",
    ),
    (
        "a person is spoken of nearby: `",
        "`",
        "en person er nævnt i nærheden: \"{}\"",
    ),
    (
        "a price or a measure stands behind it: `",
        "`",
        "der står en pris eller et mål efter det: \"{}\"",
    ),
    (
        "another kind of number is spoken of: `",
        "`",
        "et andet slags nummer er nævnt: \"{}\"",
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
