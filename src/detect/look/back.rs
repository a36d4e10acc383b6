//! The words before a number, read backward.

use crate::detect::look::sentence::{denied, ends_sentence, runs};
use crate::detect::look::{Label, Lead, Stands};
use crate::detect::window::{CONSUMES, Case, Labelled, Said, Token, TokenKind};
use crate::pattern::{Other, Role};

/// How many words may stand between a number and a label that names it.
const NAMED_REACH: usize = 12;
/// How many words may stand between a number and a label of another kind of number.
const OTHER_REACH: usize = 3;

/// What the words before a number say.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(in crate::detect) struct Before {
    pub(in crate::detect) label: Option<Label>,
    pub(in crate::detect) lead: Lead,
    /// A person is spoken of in the sentence.
    pub(in crate::detect) person: Option<u16>,
    /// A matter of persons is named before it.
    pub(in crate::detect) matter: Option<u16>,
    /// It is called a number: `nummer`, `nr.`
    pub(in crate::detect) numbered: bool,
    /// It is another one of something named before: `et nyt`.
    pub(in crate::detect) again: bool,
    /// The text says that it is none: `ikke et cpr-nummer`.
    pub(in crate::detect) denied: bool,
}

/// Reads the words before a number, the nearest first.
pub(in crate::detect) fn look_back(tokens: &[Token], others: &[Other]) -> Before {
    let mut walk = Back {
        others,
        ..Back::default()
    };
    let mut rest = tokens;
    while let Some((token, before)) = rest.split_last() {
        let next = tokens.get(rest.len()).map(|token| token.kind);
        rest = before;
        let goes_on = match token.kind {
            TokenKind::Cell => false,
            TokenKind::Line => walk.line(before, next),
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
                walk.mark('(', before, next)
            }
            // `Emil (6 år) 010203-4455`
            TokenKind::Mark(')') if walk.lead.is_none() => {
                rest = before
                    .get(..before.len() - aside(before))
                    .unwrap_or_default();
                true
            }
            TokenKind::Mark(mark) => walk.mark(mark, before, next),
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
struct Back<'a> {
    others: &'a [Other],
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
    /// A full stop or its like was passed.
    stopped: bool,
    /// A line ended that was not wrapped.
    ended: bool,
    /// A word like `er` or `som` stands between.
    linked: bool,
}

impl Back<'_> {
    fn line(&mut self, before: &[Token], next: Option<TokenKind>) -> bool {
        self.digits = 0;
        self.lines += 1;
        // A line that was wrapped goes on with a small letter, or with the number.
        self.ended |= matches!(next, Some(TokenKind::Word(said)) if !said.is_small())
            || matches!(next, Some(TokenKind::Mark(_)));
        self.lead.get_or_insert(Lead::Nothing);
        // An empty line parts more than a full one does.
        self.sentence |= matches!(before.last().map(|token| token.kind), Some(TokenKind::Line));
        self.lines <= 3
    }

    fn mark(&mut self, mark: char, before: &[Token], next: Option<TokenKind>) -> bool {
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
                self.stopped = true;
                self.lead.get_or_insert(Lead::Nothing);
            }
            '.' if ends_sentence(before, next) => {
                self.sentence = true;
                self.stopped = true;
                self.lead.get_or_insert(Lead::Nothing);
            }
            // `Fratrædelse - 010203-4455`, and `jeg skriver det helt ud: 010203-4455`; but `Chip: 010203-4455`.
            '-' => {
                self.lead.get_or_insert(Lead::Nothing);
            }
            ':' if runs(before) => {
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
                if denied(before) {
                    self.found.denied = true;
                    return false;
                }
                let foreign = word_before(before).and_then(|said| said.label);
                let foreign = foreign.filter(|label| label.role == Role::Foreign);
                return self.named(foreign.unwrap_or(label));
            }
            Some((label, Role::Shared)) => return self.named(label),
            Some((label, Role::Other(other))) if self.reached(other) => return self.named(label),
            // An everyday word, and the number is not its own.
            Some((_, Role::Other(other))) if self.is_everyday(other) => {
                self.lead.get_or_insert(Lead::Function);
            }
            Some((label, Role::Foreign)) if near && !self.sentence => return self.named(label),
            Some((label, Role::Person | Role::Pronoun | Role::Birth)) => {
                if !self.sentence && !self.ended {
                    self.found.person.get_or_insert(label.word);
                    // `Kirstens navn, nr. 010203-4455` is the number of what stands in her name.
                    let other = self.numeral && self.parted;
                    let near = near && self.lines == 0 && !self.found.again && !other;
                    if near && self.found.label.is_none() {
                        self.found.label = Some(self.label(label));
                        self.turned = true;
                    }
                }
                self.lead.get_or_insert(Lead::Function);
            }
            Some((_, Role::Numeral)) => {
                self.numeral = true;
                // `Nummeret 010203-4455 er slettet`: the number itself is spoken of, not whose it is.
                let begins = matches!(
                    before.last().map(|token| token.kind),
                    None | Some(TokenKind::Line | TokenKind::Mark('.' | '!' | '?' | '"'))
                );
                self.found.numbered |= near && !self.sentence && !begins;
            }
            // `Asta Ny` is a name.
            Some((_, Role::Again)) if said.is_small() => {
                self.found.again |= near && !self.sentence && self.lines == 0;
                self.lead.get_or_insert(Lead::Function);
            }
            Some((label, role @ (Role::Turn | Role::Matter))) => {
                if role == Role::Matter && !self.sentence && self.words <= 2 && !self.ended {
                    self.found.matter.get_or_insert(label.word);
                }
                // `kvittering til brian, 010203-4455`: the comma makes the number stand for brian.
                let apposed = self.parted && self.words <= 2;
                self.turned |= self.words == 0 || apposed || self.lead == Some(Lead::Name);
                self.lead.get_or_insert(Lead::Turn);
            }
            Some((_, Role::Link | Role::Act)) => {
                self.linked = true;
                self.lead.get_or_insert(Lead::Function);
            }
            Some((_, Role::Plain | Role::Subject | Role::Deny | Role::Month(_))) => {
                self.lead.get_or_insert(Lead::Function);
            }
            // A first name in small letters names nobody surely, but it is no noun.
            Some((_, Role::Given)) if said.is_small() => {
                self.lead.get_or_insert(Lead::Function);
                self.words += 1;
            }
            // `f. 010203-4455`, `d. 1.`: one letter names nothing. But `Rasmus M.` is a name.
            None if said.letters == 1 => {
                let named = self.lead.is_none()
                    && said.case != Case::Lower
                    && word_before(before)
                        .is_some_and(|first| first.case == Case::Title && first.may_name());
                self.lead
                    .get_or_insert(if named { Lead::Name } else { Lead::Function });
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
    fn reached(&self, other: u16) -> bool {
        if self.is_everyday(other) {
            // `Hold 140585-0199`, and `turen er bestilt som 140585-0199`.
            let directly = self.words == 0 && self.lead.is_none();
            let told = self.linked || self.found.numbered;
            let told = told && self.words <= 1 && !self.clause && self.lines == 0;
            return (directly || told) && !self.turned && !self.sentence;
        }
        let lines = self.lines == 0 || self.words == 0;
        !self.turned && !self.sentence && !self.clause && self.words <= OTHER_REACH && lines
    }

    fn is_everyday(&self, other: u16) -> bool {
        let other = self.others.get(usize::from(other));
        other.is_some_and(|other| other.near)
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
            // An answer stands directly behind its question: `CPR? 010203-4455`.
            stands: if self.words > 0 && (self.stopped || self.sentence && self.lines == 0) {
                Stands::EarlierSentence
            } else {
                Stands::Before
            },
        }
    }
}

/// How many tokens at the end of `before` are what stands in parentheses, with the one that opens.
fn aside(before: &[Token]) -> usize {
    /// The most tokens of an aside.
    const MOST: usize = 8;
    let opens = |token: &Token| token.kind == TokenKind::Mark('(');
    let mut rest = before.iter().rev().take(MOST);
    rest.position(opens).map_or(0, |at| at + 1)
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

enum Named {
    /// Two names in a row.
    Surely,
    /// One, where no sentence begins.
    Likely,
    No,
}

/// Whether a word that no pack knows is a name.
fn is_name(said: Said, before: &[Token]) -> Named {
    if said.is_given() {
        return Named::Surely;
    }
    if said.case != Case::Title {
        return Named::No;
    }
    match before.last().map(|token| token.kind) {
        Some(TokenKind::Word(first)) if first.may_name() => Named::Surely,
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
    let role_before = |before: &[Token]| {
        let label = word_before(before).and_then(|said| said.label);
        label.map(|label| label.role)
    };
    let role = role_before(before);
    // `Kan I hente 010203-4455`, where `i` is no preposition.
    if role == Some(Role::Plain) {
        let asked = before.get(..before.len() - 1).unwrap_or_default();
        return role_before(asked) == Some(Role::Act);
    }
    matches!(
        role,
        Some(Role::Subject | Role::Act | Role::Pronoun | Role::Deny)
    )
}

fn word_before(before: &[Token]) -> Option<Said> {
    match before.last()?.kind {
        TokenKind::Word(said) => Some(said),
        _ => None,
    }
}
