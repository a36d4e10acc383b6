//! Which label is the number's own: the words before it read backward, the words behind it forward.
//!
//! A word directly before a number is its label. A label that has a number of its own has no other. A label of another
//! kind of number does not reach over the end of its sentence, over a turn to a person (`faktura til`), or far.

use crate::detect::window::{CONSUMES, Case, Labelled, Said, Token, TokenKind};
use crate::pattern::Role;

/// How many words may stand between a number and a label that names it.
const NAMED_REACH: usize = 12;
/// How many words may stand between a number and a label of another kind of number.
const OTHER_REACH: usize = 5;
/// How many words may stand between a number and a label behind it.
const BEHIND_REACH: usize = 5;

/// The label of a number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Label {
    pub(super) role: Role,
    pub(super) word: u16,
    /// How many words stand between.
    pub(super) words: usize,
    pub(super) stands: Stands,
}

/// Where a label stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Stands {
    Before,
    /// In the sentence before.
    EarlierSentence,
    Behind,
    /// In a cell before it in the row.
    Row,
    /// At the head of the column.
    Column,
    /// Before the first number of a list.
    List,
}

/// What stands directly before a number.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Lead {
    /// Nothing, or a mark that parts it from what is before.
    #[default]
    Nothing,
    /// A word that is no noun.
    Function,
    /// A word that turns to a person: `til`, `vedr.`
    Turn,
    /// A noun the pack does not know: the number is likely to be that thing's.
    Noun,
    /// A name.
    Name,
}

/// What the words before a number say.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Before {
    pub(super) label: Option<Label>,
    pub(super) lead: Lead,
    /// A person is spoken of in the sentence.
    pub(super) person: Option<u16>,
}

/// What the words behind a number say.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Behind {
    pub(super) label: Option<Label>,
    /// The number does something, or is something: it is the subject of a sentence.
    pub(super) acts: bool,
    /// A name follows.
    pub(super) name: bool,
    pub(super) person: Option<u16>,
}

/// Reads the words before a number, the nearest first.
pub(super) fn look_back(tokens: &[Token]) -> Before {
    let mut walk = Back::default();
    let mut rest = tokens;
    while let Some((token, before)) = rest.split_last() {
        rest = before;
        let goes_on = match token.kind {
            TokenKind::Cell => false,
            TokenKind::Line => walk.line(before),
            TokenKind::Digits(digits) => {
                walk.digits += digits;
                walk.lead.get_or_insert(Lead::Nothing);
                walk.digits < CONSUMES
            }
            TokenKind::Mark('(') if walk.words == 0 => {
                // `ISBN 0-10-199912-4 (0101999124)` says one number twice.
                rest = before
                    .get(..before.len() - restated(before))
                    .unwrap_or_default();
                walk.mark('(', before)
            }
            TokenKind::Mark(mark) => walk.mark(mark, before),
            TokenKind::Word(said) => {
                let length = said.label.map_or(1, |label| label.tokens.max(1));
                rest = before
                    .get(..(before.len() + 1).saturating_sub(length))
                    .unwrap_or_default();
                walk.word(said, rest)
            }
        };
        if !goes_on {
            break;
        }
    }
    Before {
        lead: walk.lead.unwrap_or_default(),
        ..walk.found
    }
}

#[derive(Default)]
struct Back {
    found: Before,
    lead: Option<Lead>,
    /// Words that are no label and join nothing.
    words: usize,
    lines: usize,
    digits: usize,
    /// A numeral stands between: `nummer`.
    numeral: bool,
    /// A comma stands directly before the number.
    parted: bool,
    /// A comma was passed with words behind it.
    clause: bool,
    /// A person, or a word that turns to one, is nearer than all that is before.
    turned: bool,
    sentence: bool,
}

impl Back {
    fn line(&mut self, before: &[Token]) -> bool {
        self.digits = 0;
        self.lines += 1;
        self.lead.get_or_insert(Lead::Nothing);
        // An empty line parts more than a full one does.
        self.sentence |= matches!(before.last().map(|token| token.kind), Some(TokenKind::Line));
        self.lines <= 3
    }

    fn mark(&mut self, mark: char, before: &[Token]) -> bool {
        if !matches!(mark, '-' | '.' | '/') {
            self.digits = 0;
        }
        match mark {
            ',' | '(' => {
                self.clause |= self.words > 0;
                self.parted |= self.words == 0 && self.lead.is_none();
                self.lead.get_or_insert(Lead::Nothing);
            }
            // In the name of a file a word is no label of what is behind it.
            '_' | '\\' => {
                self.lead.get_or_insert(Lead::Nothing);
            }
            '!' | '?' => {
                self.sentence = true;
                self.lead.get_or_insert(Lead::Nothing);
            }
            '.' if ends_sentence(before) => {
                self.sentence = true;
                self.lead.get_or_insert(Lead::Nothing);
            }
            _ => {}
        }
        true
    }

    /// Takes a word; `before` is what stands before it. Whether to go on.
    fn word(&mut self, said: Said, before: &[Token]) -> bool {
        self.digits = 0;
        let near = self.words == 0 && !self.clause;
        match said.label.map(|label| (label, label.role)) {
            Some((label, Role::Number)) => {
                let foreign = word_before(before).and_then(|said| said.label);
                let foreign = foreign.filter(|label| label.role == Role::Foreign);
                return self.named(foreign.unwrap_or(label));
            }
            Some((label, Role::Shared)) => return self.named(label),
            Some((label, Role::Other(_))) if self.reached() => return self.named(label),
            Some((label, Role::Foreign)) if near && !self.sentence => return self.named(label),
            Some((label, Role::Person | Role::Pronoun | Role::Birth)) => {
                if !self.sentence {
                    self.found.person.get_or_insert(label.word);
                    if near && self.lines == 0 && self.found.label.is_none() {
                        self.found.label = Some(self.label(label));
                        self.turned = true;
                    }
                }
                self.lead.get_or_insert(Lead::Function);
            }
            Some((_, Role::Numeral)) => self.numeral = true,
            Some((_, Role::Turn | Role::Matter)) => {
                // `kvittering til brian, 010203-4455`: the comma makes the number stand for brian.
                let apposed = self.parted && self.words <= 2;
                self.turned |= self.words == 0 || apposed || self.lead == Some(Lead::Name);
                self.lead.get_or_insert(Lead::Turn);
            }
            Some((_, Role::Link | Role::Plain | Role::Subject | Role::Act | Role::Month(_))) => {
                self.lead.get_or_insert(Lead::Function);
            }
            // `f. 010203-4455`, `d. 1.`: one letter names nothing.
            None if said.letters == 1 => {
                self.lead.get_or_insert(Lead::Function);
            }
            _ => {
                let parted = self.lead == Some(Lead::Nothing) && self.words == 0;
                if self.lead.is_none() || parted {
                    match (is_name(said, before), parted) {
                        (Named::Surely, _) | (Named::Likely, false) => self.lead = Some(Lead::Name),
                        (_, false) if said.case == Case::Lower && follows_subject(before) => {
                            self.lead = Some(Lead::Function);
                        }
                        (_, false) => self.lead = Some(Lead::Noun),
                        _ => {}
                    }
                }
                self.words += 1;
            }
        }
        self.words <= NAMED_REACH
    }

    /// Whether a label of another kind of number reaches the number from here.
    fn reached(&self) -> bool {
        let lines = self.lines == 0 || self.words == 0;
        !self.turned && !self.sentence && !self.clause && self.words <= OTHER_REACH && lines
    }

    fn named(&mut self, label: Labelled) -> bool {
        if self.sentence && label.role != Role::Number {
            return true;
        }
        let label = self.label(label);
        // A person and then `nummer` is as good as a name for the number; a nearer person is not.
        if self.found.label.is_none_or(|_| label.role == Role::Number) {
            self.found.label = Some(label);
        }
        false
    }

    fn label(&self, label: Labelled) -> Label {
        Label {
            // `elevens nummer` is a number of a person.
            role: match label.role {
                Role::Person | Role::Pronoun if self.numeral => Role::Number,
                role => role,
            },
            word: label.word,
            words: self.words,
            stands: if self.sentence && self.lines == 0 {
                Stands::EarlierSentence
            } else {
                Stands::Before
            },
        }
    }
}

/// Reads the words behind a number.
pub(super) fn look_ahead(tokens: &[Token]) -> Behind {
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

/// How many tokens at the end of `before` are a number of ten digits, in whatever groups.
fn restated(before: &[Token]) -> usize {
    let mut digits = 0;
    let in_number = |token: &&Token| match token.kind {
        TokenKind::Digits(count) => {
            digits += count;
            true
        }
        TokenKind::Mark(mark) => matches!(mark, '-' | '.' | '/'),
        _ => false,
    };
    let tokens = before.iter().rev().take_while(in_number).count();
    if digits == 10 { tokens } else { 0 }
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

/// Whether a full stop after these tokens ends a sentence, and does not shorten a word.
fn ends_sentence(before: &[Token]) -> bool {
    match before.last().map(|token| token.kind) {
        Some(TokenKind::Word(said)) => {
            let names = said
                .label
                .is_some_and(|label| matches!(label.role, Role::Number | Role::Shared));
            said.letters > 4 && !said.short && !names
        }
        Some(TokenKind::Digits(_)) => false,
        _ => true,
    }
}

enum Named {
    /// Two names in a row.
    Surely,
    /// One, where no sentence begins.
    Likely,
    No,
}

/// Whether a word that no pack knows is a name.
fn is_name(said: Said, before: &[Token]) -> Named {
    if said.case != Case::Title {
        return Named::No;
    }
    match before.last().map(|token| token.kind) {
        Some(TokenKind::Word(first)) if first.case != Case::Lower && first.label.is_none() => {
            Named::Surely
        }
        // An initial: `A. Tranemose`.
        Some(TokenKind::Mark('.')) => {
            match word_before(before.get(..before.len() - 1).unwrap_or_default()) {
                Some(first) if first.letters == 1 && first.case != Case::Lower => Named::Surely,
                _ => Named::No,
            }
        }
        Some(TokenKind::Word(_) | TokenKind::Mark(',' | '(')) => Named::Likely,
        _ => Named::No,
    }
}

/// Whether what comes behind these tokens is what somebody does: `vi opretter`, `har oprettet`, `skal indkalde`.
fn follows_subject(before: &[Token]) -> bool {
    let role = word_before(before)
        .and_then(|said| said.label)
        .map(|label| label.role);
    matches!(role, Some(Role::Subject | Role::Act | Role::Pronoun))
}

fn word_before(before: &[Token]) -> Option<Said> {
    match before.last()?.kind {
        TokenKind::Word(said) => Some(said),
        _ => None,
    }
}

fn next_word(behind: &[Token]) -> Option<Said> {
    match behind.first()?.kind {
        TokenKind::Word(said) => Some(said),
        _ => None,
    }
}
