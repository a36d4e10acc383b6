//! The words behind a number, read forward.

use crate::detect::look::{Label, Stands};
use crate::detect::window::{CONSUMES, Case, Said, Token, TokenKind};
use crate::pattern::{Other, Role};

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
    /// The person is named in parentheses directly behind.
    pub(in crate::detect) beside: bool,
    /// The text says that it is none: `er ikke et cpr-nummer`.
    pub(in crate::detect) denied: bool,
}

/// Reads the words behind a number.
pub(in crate::detect) fn look_ahead(tokens: &[Token], others: &[Other]) -> Behind {
    let mut found = Behind::default();
    let (mut words, mut parted, mut linked, mut opened) = (0, false, false, false);
    let (mut commas, mut marks, mut denied, mut foreign) = (0, false, false, None);
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
                commas += usize::from(token.kind == TokenKind::Mark(','));
                marks |= token.kind != TokenKind::Mark(',');
                continue;
            }
            TokenKind::Word(said) => said,
        };
        let first = words == 0 && !parted && !linked;
        // A comma may stand before what the number does: `010203-4455, bor på 2. sal`.
        let next = words == 0 && !linked && commas <= 1 && !marks;
        if let Some(label) = said.label {
            let free = !has_number(behind);
            let role = label.role;
            let names = match role {
                Role::Number => free && words <= BEHIND_REACH,
                Role::Other(other) => {
                    let everyday = others.get(usize::from(other)).is_some_and(|it| it.near);
                    free && !everyday && words == 0 && joined && (opened || linked && !parted)
                }
                Role::After(_) => words == 0 && !parted && !linked,
                _ => false,
            };
            if role == Role::Foreign {
                foreign = Some(label);
                continue;
            }
            let (label, role) = match foreign {
                Some(foreign) if names && role == Role::Number => (foreign, foreign.role),
                _ => (label, role),
            };
            if names && role == Role::Number && denied {
                found.denied = true;
                break;
            }
            if names {
                found.label = Some(Label {
                    role,
                    word: label.word,
                    // `(cpr)` is as near as can be.
                    words: usize::from(!opened || words > 0) + words,
                    stands: Stands::Behind,
                });
                break;
            }
            match role {
                Role::Person | Role::Pronoun | Role::Birth => {
                    found.person.get_or_insert(label.word);
                    // `010203-4455 (mor)`
                    found.beside |= opened && words == 0;
                }
                Role::Act | Role::Link => {
                    joined &= role == Role::Link;
                    found.acts |= role == Role::Act && next && !opened;
                    linked = true;
                    continue;
                }
                Role::Deny => {
                    denied = true;
                    joined = false;
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
        }
        if first && said.case == Case::Title && said.may_name() {
            let next = next_word(behind);
            let next = next.is_some_and(|next| next.case == Case::Title && next.may_name());
            found.name = next || said.is_given();
        }
        words += 1;
        if words > BEHIND_REACH + 3 {
            break;
        }
    }
    found
}

/// Whether the label before `behind` has a number of its own there.
pub(super) fn has_number(behind: &[Token]) -> bool {
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
