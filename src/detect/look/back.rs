//! The words before a number, read backward.

use crate::detect::look::{Label, Lead, Stands};
use crate::detect::window::{CONSUMES, Case, Labelled, Said, Token, TokenKind};
use crate::pattern::Role;

/// How many words may stand between a number and a label that names it.
const NAMED_REACH: usize = 12;
/// How many words may stand between a number and a label of another kind of number.
const OTHER_REACH: usize = 5;

/// What the words before a number say.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(in crate::detect) struct Before {
    pub(in crate::detect) label: Option<Label>,
    pub(in crate::detect) lead: Lead,
    /// A person is spoken of in the sentence.
    pub(in crate::detect) person: Option<u16>,
}

/// Reads the words before a number, the nearest first.
pub(in crate::detect) fn look_back(tokens: &[Token]) -> Before {
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
