//! What the words in a cell of a table say.

use crate::detect::look::{Label, Stands};
use crate::detect::window::{Case, Labelled, Token, TokenKind};
use crate::pattern::Role;

/// Whether the words of a cell are a name: two or more with large letters, and none that the pack knows.
pub(super) fn is_name(tokens: &[Token]) -> bool {
    let words = tokens.iter().filter_map(|token| match token.kind {
        TokenKind::Word(said) => Some(said),
        _ => None,
    });
    let others = tokens
        .iter()
        .any(|token| matches!(token.kind, TokenKind::Digits(_)));
    let mut names = 0;
    for said in words {
        if said.case != Case::Title || !said.may_name() {
            return false;
        }
        names += 1;
    }
    !others && (2..=4).contains(&names)
}

/// The label of a cell that holds words: what names the number comes before what speaks of a person.
pub(super) fn strongest(tokens: &[Token], stands: Stands) -> Option<Label> {
    let labels = tokens.iter().filter_map(|token| match token.kind {
        TokenKind::Word(said) => said.label,
        _ => None,
    });
    let rank = |label: &Labelled| match label.role {
        Role::Number => Some(0),
        Role::LastFour => Some(1),
        Role::Other(_) => Some(2),
        Role::Shared => Some(3),
        Role::Birth => Some(4),
        Role::Person | Role::Pronoun => Some(5),
        // `Asset no.`
        Role::Numeral if stands == Stands::Column => Some(6),
        _ => None,
    };
    let foreign = labels.clone().any(|label| label.role == Role::Foreign);
    let best = labels
        .filter(|label| rank(label).is_some())
        .min_by_key(rank)?;
    Some(Label {
        role: match best.role {
            Role::Number if foreign => Role::Foreign,
            role => role,
        },
        word: best.word,
        words: 0,
        stands,
    })
}
