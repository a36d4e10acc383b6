//! The words behind a number, read forward.

use crate::detect::look::{Label, Stands};
use crate::detect::window::{CONSUMES, Case, Said, Token, TokenKind};
use crate::pattern::Role;

/// How many words may stand between a number and a label behind it.
const BEHIND_REACH: usize = 5;

/// What the words behind a number say.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(in crate::detect) struct Behind {
    pub(in crate::detect) label: Option<Label>,
    /// The number does something, or is something: it is the subject of a sentence.
    pub(in crate::detect) acts: bool,
    /// A name follows.
    pub(in crate::detect) name: bool,
    pub(in crate::detect) person: Option<u16>,
}

/// Reads the words behind a number.
pub(in crate::detect) fn look_ahead(tokens: &[Token]) -> Behind {
    let mut found = Behind::default();
    let (mut words, mut parted, mut linked, mut opened) = (0, false, false, false);
    // Only `er` and its like may stand between a number and a label of another kind behind it.
    let mut joined = true;
    let mut rest = tokens;
    while let Some((token, behind)) = rest.split_first() {
        rest = behind;
        let said = match token.kind {
            TokenKind::Cell | TokenKind::Line | TokenKind::Mark('!' | '?') => break,
            TokenKind::Digits(digits) if digits >= CONSUMES => break,
            TokenKind::Mark('.') if words > 0 || parted => break,
            TokenKind::Mark('(') if words == 0 => {
                opened = true;
                continue;
            }
            TokenKind::Digits(_) | TokenKind::Mark(_) => {
                parted = true;
                continue;
            }
            TokenKind::Word(said) => said,
        };
        let first = words == 0 && !parted && !linked;
        if let Some(label) = said.label {
            let free = !has_number(behind);
            let role = label.role;
            let names = match role {
                Role::Number => free && words <= BEHIND_REACH,
                Role::Other(_) => free && words == 0 && joined && (opened || linked && !parted),
                Role::After(_) => words == 0 && !parted && !linked,
                _ => false,
            };
            if names {
                found.label = Some(Label {
                    role,
                    word: label.word,
                    words: words + 1,
                    stands: Stands::Behind,
                });
                break;
            }
            match role {
                Role::Person | Role::Pronoun | Role::Birth => {
                    found.person.get_or_insert(label.word);
                }
                Role::Act | Role::Link => {
                    joined &= role == Role::Link;
                    found.acts |= first && !opened;
                    linked = true;
                    continue;
                }
                Role::Plain | Role::Subject | Role::Turn | Role::Numeral => {
                    joined = false;
                    linked = true;
                    continue;
                }
                _ => {}
            }
        } else if first && said.case == Case::Title {
            found.name = next_word(behind)
                .is_some_and(|next| next.case == Case::Title && next.label.is_none());
        }
        words += 1;
        if words > BEHIND_REACH + 3 {
            break;
        }
    }
    found
}

/// Whether the label before `behind` has a number of its own there.
fn has_number(behind: &[Token]) -> bool {
    let mut rest = behind.iter().take(4);
    rest.find_map(|token| match token.kind {
        TokenKind::Digits(_) => Some(true),
        TokenKind::Mark('.' | ':' | '=' | '(' | '"' | '\'' | '-') => None,
        TokenKind::Word(said) => match said.label.map(|label| label.role) {
            Some(Role::Numeral | Role::Link) => None,
            _ => Some(false),
        },
        _ => Some(false),
    })
    .unwrap_or(false)
}

fn next_word(behind: &[Token]) -> Option<Said> {
    match behind.first()?.kind {
        TokenKind::Word(said) => Some(said),
        _ => None,
    }
}
