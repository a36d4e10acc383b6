//! What a line is for, by how it begins: `Hej`, `Mvh`, `Sendt:`.

use crate::detect::subject::sentences::Role;
use crate::pattern::{GREETINGS, words_that_greet};

/// How a line may begin that does not tell.
#[derive(Clone, Copy)]
pub(super) enum Opening {
    /// `Sendt:`
    Field,
    /// `Til:`, and `Til alle`
    To,
    /// `Hej`
    Hello,
    /// `God morgen`
    Good,
    /// `Mvh`
    Regards,
    /// `Med venlig hilsen`
    With,
    /// `Venlig hilsen`
    Kind,
}

impl Opening {
    /// The words that open, folded.
    const WORDS: [(Self, &'static [&'static str]); 7] = [
        (
            Self::Field,
            &["fra", "from", "sendt", "sent", "c", "dato", "date"],
        ),
        (Self::To, &["til", "to"]),
        (Self::Hello, GREETINGS),
        (Self::Good, &["god"]),
        (
            Self::Regards,
            &[
                "mvh", "vh", "kh", "hilsen", "dbh", "mbh", "regards", "hilsner",
            ],
        ),
        (Self::With, &["med"]),
        (
            Self::Kind,
            &[
                "venlig", "venlige", "bedste", "mange", "kærlig", "kind", "best", "yours", "warm",
                "de",
            ],
        ),
    ];

    /// What a folded word may open.
    pub(super) fn of(folded: &str) -> Option<Self> {
        let mut all = Self::WORDS.into_iter();
        let opening = all.find(|(_, words)| words.contains(&folded))?.0;
        Some(opening)
    }

    /// What the line is for that it opens, which is so many characters long, with `second` for its next word.
    pub(super) fn role(self, first: &str, second: &str, line: &str, length: usize) -> Role {
        // A longer line goes on and tells: `Hej Bo, Peter Krab er fritstillet fra i dag`. Whether it is a greeting all the same only
        // the phrases of packs tell.
        let short = length <= 45;
        let is_capital = line.starts_with(char::is_uppercase);
        // `Fra: Ib`, and not `Til vikaren: Ib er syg`.
        let field = line.split_once(':').map(|(name, _)| name);
        // `Cc:` folds to what an item of a list may be called: `C: Ib er syg`.
        let is_item = first == "c" && field.is_some_and(|name| name.len() < 2);
        let is_field = !is_item && field.is_some_and(|name| !name.contains(char::is_whitespace));
        let of_kindness = || {
            matches!(
                second,
                "hilsen" | "hilsner" | "regards" | "wishes" | "sincerely" | "bedste" | "knus"
            )
        };
        match self {
            Self::Field | Self::To if is_field => Role::Heads,
            // `… and he goes\ntil kemoterapi`
            Self::To if short && first == "til" && field.is_none() && is_capital => Role::Greets,
            Self::To if short && second == "whom" => Role::Greets,
            Self::Hello if short => Role::Greets,
            Self::Good if short && words_that_greet(first, second) > 0 => Role::Greets,
            Self::Regards if length <= 70 => Role::Signs,
            Self::With if matches!(second, "venlig" | "venlige" | "kærlig") && length <= 80 => {
                Role::Signs
            }
            Self::Kind if length <= 70 && of_kindness() => Role::Signs,
            Self::Kind if length <= 10 && first == "best" => Role::Signs,
            _ => Role::Tells,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::{TIMES_OF_DAY, fold_word};

    fn role(line: &str) -> Role {
        let folded: Vec<String> = line
            .split([' ', ':'])
            .map(|word| {
                let mut folded = String::new();
                fold_word(word, &mut folded);
                folded
            })
            .collect();
        let second = folded.get(1).map_or("", String::as_str);
        Opening::of(&folded[0]).map_or(Role::Tells, |opening| {
            opening.role(&folded[0], second, line, line.chars().count())
        })
    }

    #[test]
    fn each_word_that_opens_is_folded_as_texts_are() {
        for word in Opening::WORDS.into_iter().flat_map(|(_, words)| words) {
            let mut folded = String::new();
            fold_word(word, &mut folded);
            assert_eq!(folded, *word);
        }
    }

    #[test]
    fn each_word_that_greets_opens_a_greeting() {
        let alone = GREETINGS.iter().map(|word| format!("{word} Lone"));
        let together = TIMES_OF_DAY.iter().map(|time| format!("God {time} Lone"));
        for line in alone.chain(together) {
            assert_eq!(role(&line), Role::Greets, "{line}");
        }
    }

    #[test]
    fn lines_are_for_what_their_first_words_say() {
        for (line, is) in [
            ("Goddag Lone", Role::Greets),
            ("Hallo alle", Role::Greets),
            ("God formiddag Lone", Role::Greets),
            ("God eftermiddag", Role::Greets),
            ("Godaften Lone", Role::Greets),
            ("God bedring", Role::Tells),
            ("Til alle", Role::Greets),
            ("Sendt: i går", Role::Heads),
            ("Cc: Lone", Role::Heads),
            ("C: Lone er syg", Role::Tells),
            ("Mvh Lone", Role::Signs),
            ("Med venlig hilsen", Role::Signs),
            ("Best regards", Role::Signs),
        ] {
            assert_eq!(role(line), is, "{line}");
        }
    }
}
