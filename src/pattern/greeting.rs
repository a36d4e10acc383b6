//! The words a greeting begins with, which the program knows by itself. What packs say of those who are greeted stands behind them.

/// Words that greet, folded.
pub const GREETINGS: &[&str] = &[
    "hej",
    "kære",
    "kere",
    "kaere",
    "godag",
    "hi",
    "helo",
    "dear",
    "halo",
    "heysa",
    "hejsa",
    "godmorgen",
    "godformidag",
    "godeftermidag",
    "godaften",
];

/// The times of the day that greet behind `God`, folded.
pub const TIMES_OF_DAY: &[&str] = &["morgen", "dag", "formidag", "eftermidag", "aften"];

/// How many of two words, which are folded, greet: one in `Kære Lone`, both in `God morgen`, none in `God bedring`.
pub fn words_that_greet(first: &str, second: &str) -> usize {
    if GREETINGS.contains(&first) {
        1
    } else if first == "god" && TIMES_OF_DAY.contains(&second) {
        2
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::fold_word;

    /// One that is not compares with nothing: `goddag` was never seen.
    #[test]
    fn each_is_folded_as_texts_are() {
        for word in GREETINGS.iter().chain(TIMES_OF_DAY) {
            let mut folded = String::new();
            fold_word(word, &mut folded);
            assert_eq!(folded, *word);
        }
    }
}
