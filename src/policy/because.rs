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
            let cue = CUES.iter().find(|(english, _)| *english == inner);
            return danish
                .replace("{}", cue.map_or(inner, |(_, danish)| danish))
                .into();
        }
    }
    reason.into()
}

const FIXED: &[(&str, &str)] = &[
    ("a fact is told", "der fortælles, at noget er sket"),
    ("a phrase states it", "en vending siger det"),
    ("a phrase suggests it", "en vending tyder på det"),
    (
        "a greeting says it of all who get the message",
        "hilsenen siger det om alle, der får beskeden",
    ),
    (
        "more of the subject stands near",
        "mere om emnet står i nærheden",
    ),
    ("words hint at it", "ord peger på det"),
    (
        "the words around lean to it",
        "ordene omkring taler for det",
    ),
    (
        "the words around lean away from it",
        "ordene omkring taler imod det",
    ),
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
    ("somebody is meant: ", "", "der tales om nogen: {}"),
    ("speaks against it: ", "", "imod taler: {}"),
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

/// The cues of the shipped language pack, by their names there.
const CUES: &[(&str, &str)] = &[
    ("a name", "et navn"),
    ("a pronoun for one person", "et stedord om én person"),
    ("what looks like a name", "noget, der ligner et navn"),
    ("the person the letter is to", "den, brevet er til"),
    ("a particular relative", "en bestemt pårørende"),
    (
        "a particular citizen, pupil or employee",
        "en bestemt borger, elev eller medarbejder",
    ),
    (
        "the number of a flat or room",
        "nummeret på en bolig eller stue",
    ),
    ("an age", "en alder"),
    ("the writer", "afsenderen selv"),
    ("the reader", "læseren"),
    ("a personal number", "et personnummer"),
    ("something happened", "noget er sket"),
    ("an animal or a thing", "et dyr eller en ting"),
    ("people in general", "folk i almindelighed"),
    ("a condition", "en betingelse"),
    ("an event or a course", "et arrangement eller et kursus"),
    (
        "rules, policy or guidance",
        "regler, politik eller vejledning",
    ),
    ("statistics", "statistik"),
    ("a template or form", "en skabelon eller blanket"),
    ("fiction or an example", "noget opdigtet eller et eksempel"),
    ("the text of a law", "lovtekst"),
    ("examples being listed", "en opremsning af eksempler"),
    (
        "a notice, an advertisement or a newsletter",
        "et opslag, en annonce eller et nyhedsbrev",
    ),
    ("an agenda or minutes", "en dagsorden eller et referat"),
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
