//! Whether everything that one word or phrase finds is found by another as well.

use crate::pattern::lint::within::Classes;
use crate::pattern::phrase::{
    Choice, ENDINGS, Edge, Element, LONG, Literal, Phrase, Presence, WIDEST_GAP,
};

/// How much of a phrase another must find.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// Any of its words.
    Inside,
    /// All of its words, and no others.
    Whole,
}

/// Whether `wide` is found wherever `narrow` is, and weighs no less there. A phrase that names a class may weigh more than one
/// that does not.
pub(super) fn covers(wide: &Phrase, narrow: &Phrase, extent: Extent, classes: &Classes) -> bool {
    if names_a_class(narrow) && !names_a_class(wide) {
        return false;
    }
    match extent {
        // Where there are several ways to find a phrase, one is taken: it may be another than that of `narrow`.
        Extent::Whole => {
            wide.elements.iter().all(is_one_word)
                && wide.elements.len() == narrow.elements.len()
                && covers_from(&wide.elements, &narrow.elements, classes)
        }
        Extent::Inside => (0..narrow.elements.len()).any(|from| {
            let rest = narrow.elements.get(from..).unwrap_or_default();
            covers_from(&wide.elements, rest, classes)
        }),
    }
}

fn names_a_class(phrase: &Phrase) -> bool {
    phrase.elements.iter().any(|element| match element {
        Element::OneOf(choices, _) => choices.iter().any(|it| matches!(it, Choice::Class(_))),
        Element::Gap => false,
    })
}

fn is_one_word(element: &Element) -> bool {
    matches!(element, Element::OneOf(_, Presence::Required))
}

/// Whether whatever `narrow` finds begins with something that `wide` finds.
fn covers_from(wide: &[Element], narrow: &[Element], classes: &Classes) -> bool {
    let Some((first, rest)) = wide.split_first() else {
        return true;
    };
    match first {
        Element::Gap => (0..=narrow.len()).any(|passed| {
            let (gap, behind) = narrow.split_at(passed);
            gap.iter().map(most_words).sum::<usize>() <= WIDEST_GAP
                && covers_from(rest, behind, classes)
        }),
        Element::OneOf(choices, presence) => {
            let here = narrow.split_first().is_some_and(|(word, behind)| {
                let Element::OneOf(narrow, narrow_presence) = word else {
                    return false;
                };
                (*narrow_presence == Presence::Required || *presence == Presence::Optional)
                    && narrow.iter().all(|narrow| {
                        choices
                            .iter()
                            .any(|wide| is_choice_in(narrow, wide, classes, 2))
                    })
                    && covers_from(rest, behind, classes)
            });
            here || *presence == Presence::Optional && covers_from(rest, narrow, classes)
        }
    }
}

/// How many words this may stand for.
fn most_words(element: &Element) -> usize {
    match element {
        Element::Gap => WIDEST_GAP,
        Element::OneOf(choices, _) => {
            let is_word = |choice: &Choice| matches!(choice, Choice::Word(_));
            if choices.iter().all(is_word) {
                1
            } else {
                // Of a class may be several words, nobody knows how many.
                WIDEST_GAP + 1
            }
        }
    }
}

/// Whether everything that `narrow` means is meant by `wide`. `depth` is how many classes may stand in each other: two, as
/// where texts are read.
fn is_choice_in(narrow: &Choice, wide: &Choice, classes: &Classes, depth: u8) -> bool {
    match (narrow, wide) {
        (Choice::Word(narrow), Choice::Word(wide)) => is_word_in(narrow, wide),
        (Choice::Class(_), Choice::Word(_)) => false,
        (narrow, Choice::Class(_)) if narrow == wide => true,
        (_, Choice::Class(name)) => {
            depth > 0
                && classes
                    .words(name)
                    .any(|wide| is_choice_in(narrow, wide, classes, depth - 1))
        }
    }
}

/// Whether every word that `narrow` fits is one that `wide` fits.
pub(super) fn is_word_in(narrow: &Literal, wide: &Literal) -> bool {
    // Nearly all pairs part here, before anything is folded.
    let initial = |word: &Literal| word.letters.bytes().next().filter(u8::is_ascii);
    if wide.start != Edge::Open
        && initial(narrow)
            .zip(initial(wide))
            .is_some_and(|(narrow, wide)| narrow != wide)
    {
        return false;
    }
    let (letters, part) = (narrow.folded(), wide.folded());
    // A short word must be spelled as it is written; a long one may be misspelled where the short one may not.
    let is_spelled = wide.letters.len() > LONG
        || narrow.letters.len() <= LONG && narrow.letters.contains(&*wide.letters);
    is_spelled
        && letters.match_indices(&part).any(|(at, _)| {
            let before = letters.get(..at).unwrap_or_default();
            let after = letters.get(at + part.len()..).unwrap_or_default();
            begins(narrow, wide, before) && ends(narrow, wide, after)
        })
}

fn begins(narrow: &Literal, wide: &Literal, before: &str) -> bool {
    wide.start == Edge::Open || before.is_empty() && narrow.start == Edge::Closed
}

fn ends(narrow: &Literal, wide: &Literal, after: &str) -> bool {
    let is_ending = |letters: &str| letters.is_empty() || ENDINGS.contains(&letters);
    match (wide.end, narrow.end) {
        (Edge::Open, _) => true,
        (Edge::Closed, Edge::Closed) => after.is_empty(),
        (Edge::Ending, Edge::Closed) => is_ending(after),
        (Edge::Ending, Edge::Ending) => {
            after.is_empty()
                || is_ending(after)
                    && ENDINGS
                        .iter()
                        .all(|ending| is_ending(&format!("{after}{ending}")))
        }
        (Edge::Ending, Edge::Open) | (Edge::Closed, Edge::Ending | Edge::Open) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_covered_where_everything_it_finds_is_found_by_the_other() {
        let classes = Classes::default();
        let is_covered = |narrow: &str, wide: &str| {
            let [narrow, wide] = [narrow, wide].map(|it| Phrase::parse(it).unwrap());
            covers(&wide, &narrow, Extent::Inside, &classes)
        };
        for (narrow, wide) in [
            ("sygemeldt", "sygemeld*"),
            ("hjernerystelse", "*rystelse"),
            ("er sygemeldt igen", "sygemeld*"),
            ("=diagnosen", "diagnose"),
            ("fået konstateret", "fået|fik konstateret"),
            ("har fået konstateret", "har ... konstateret"),
            ("har fået tidligt konstateret", "har fået? ... konstateret"),
            ("skillsmisse", "skilsmisse"),
            ("<name> er dømt", "<name>|<role> er dømt"),
        ] {
            assert!(is_covered(narrow, wide), "{narrow} by {wide}");
        }
        for (narrow, wide) in [
            ("sygemeld*", "sygemeldt"),
            ("kræft", "*kræften"),
            // One may be misspelled where the other may not.
            ("dommeren", "dom*"),
            ("brystkræft", "*kræft"),
            ("diagnosen", "=diagnose"),
            // Seven words stand between, where the gap has room for six.
            ("har ... fået konstateret", "har fået? ... konstateret"),
            // `diagnosenerne` is of the first only.
            ("diagnosen", "diagnose"),
            ("fået? konstateret", "fået konstateret"),
            ("har ... konstateret", "har fået konstateret"),
            ("har ... fået ... konstateret", "har ... konstateret"),
            ("er <name> dømt", "er ... dømt"),
            ("<name> er sygemeldt", "sygemeld*"),
            ("<name>|<role> er dømt", "<name> er dømt"),
            ("konstateret fået", "fået konstateret"),
        ] {
            assert!(!is_covered(narrow, wide), "{narrow} by {wide}");
        }
    }
}
