//! Where sentences end, and what in them is denied.

use crate::detect::window::{Case, Token, TokenKind};
use crate::pattern::Role;

/// Whether a full stop between these tokens and `next` ends a sentence, and does not shorten a word.
pub(super) fn ends_sentence(before: &[Token], next: Option<TokenKind>) -> bool {
    // After a sentence comes a large letter, or the number itself, or a line of its own.
    let may_end = match next {
        Some(TokenKind::Word(said)) => said.case != Case::Lower,
        _ => true,
    };
    match before.last().map(|token| token.kind) {
        Some(TokenKind::Word(said)) => {
            let label = said.label.map(|label| label.role);
            let names = matches!(label, Some(Role::Number | Role::Shared));
            // Shortened words are short, and most have no vowel at their end: `vedr.`, `tlf.`, `ang.`
            let long = match label {
                None | Some(Role::Plain | Role::Act | Role::Link | Role::Pronoun | Role::Again) => {
                    said.letters > 2 && said.sounds
                }
                Some(Role::Month(_)) => matches!(next, Some(TokenKind::Word(_))),
                Some(_) => said.letters > 4,
            };
            may_end && long && !said.short && !(names && next.is_none())
        }
        Some(TokenKind::Digits(_)) => false,
        _ => true,
    }
}

/// Whether the word behind these tokens is denied: `ikke`, `ikke et`, `ingen danske`.
pub(super) fn denied(before: &[Token]) -> bool {
    /// How many words may stand between.
    const WORDS: usize = 3;
    before
        .iter()
        .rev()
        .map_while(|token| match token.kind {
            TokenKind::Word(said) => Some(said),
            _ => None,
        })
        .take(WORDS)
        .any(|said| said.label.is_some_and(|label| label.role == Role::Deny))
}

/// Whether these tokens are running words, so that the last of them is no name of a value.
pub(super) fn runs(before: &[Token]) -> bool {
    /// So many words and more run.
    const WORDS: usize = 4;
    let small = |token: &&Token| matches!(token.kind, TokenKind::Word(said) if said.is_small());
    before.iter().rev().take(WORDS).filter(small).count() == WORDS
}
