//! What the sentences around a number speak of: persons or things. It is asked only where no label settles the matter.

use crate::detect::look::ahead::has_number;
use crate::detect::look::sentence::{denied, ends_sentence};
use crate::detect::window::{Token, TokenKind};
use crate::pattern::{CprPattern, Role};

/// How many sentences away something is still spoken of.
const NEARBY: usize = 2;

/// What is spoken of, each with the nearest word for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(in crate::detect) struct Topic {
    pub(in crate::detect) person: Option<Spoken>,
    pub(in crate::detect) thing: Option<Spoken>,
    /// The word for a price or a measure behind the number, in its line.
    pub(in crate::detect) measure: Option<u16>,
}

/// A word and where it stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::detect) struct Spoken {
    pub(in crate::detect) word: u16,
    /// It stands in the sentence of the number itself.
    pub(in crate::detect) same_sentence: bool,
    /// It stands before the number.
    pub(in crate::detect) before: bool,
}

impl Topic {
    /// Of what is before a number and what is behind it, what is nearer.
    pub(in crate::detect) fn or(self, other: Self) -> Self {
        Self {
            person: nearer(self.person, other.person),
            thing: nearer(self.thing, other.thing),
            measure: self.measure.or(other.measure),
        }
    }
}

fn nearer(one: Option<Spoken>, other: Option<Spoken>) -> Option<Spoken> {
    match (one, other) {
        (Some(one), Some(other)) if other.same_sentence && !one.same_sentence => Some(other),
        (one, other) => one.or(other),
    }
}

/// What the words before a number speak of.
pub(in crate::detect) fn topic_before(tokens: &[Token], pattern: &CprPattern) -> Topic {
    let mut topic = Topic::default();
    let mut sentences = 0;
    let mut rest = tokens;
    while let Some((token, before)) = rest.split_last() {
        let behind = tokens.get(rest.len()..).unwrap_or_default();
        rest = before;
        sentences += usize::from(parts(token, before, behind));
        if sentences > NEARBY {
            break;
        }
        topic.take(token, (before, behind), (sentences == 0, true), pattern);
    }
    topic
}

/// What the words behind a number speak of.
pub(in crate::detect) fn topic_behind(tokens: &[Token], pattern: &CprPattern) -> Topic {
    let mut topic = Topic::default();
    let mut sentences = 0;
    for (at, token) in tokens.iter().enumerate() {
        let before = tokens.get(..at).unwrap_or_default();
        let behind = tokens.get(at + 1..).unwrap_or_default();
        sentences += usize::from(parts(token, before, behind));
        // What is said later is less often about what was said before.
        if sentences >= NEARBY {
            break;
        }
        topic.take(token, (before, behind), (sentences == 0, false), pattern);
    }
    topic
}

impl Topic {
    /// Somebody is spoken of.
    fn say(&mut self, spoken: Spoken) {
        self.person = nearer(self.person, Some(spoken));
    }

    fn take(
        &mut self,
        token: &Token,
        (ahead, behind): (&[Token], &[Token]),
        (same_sentence, before): (bool, bool),
        pattern: &CprPattern,
    ) {
        let TokenKind::Word(said) = token.kind else {
            return;
        };
        let Some(label) = said.label else { return };
        let spoken = Spoken {
            word: label.word,
            same_sentence,
            before,
        };
        match label.role {
            Role::Person | Role::Pronoun | Role::Birth => self.say(spoken),
            // CPR numbers are spoken of, and not only to say that there are none.
            Role::Number if denied(ahead) => {}
            Role::Matter | Role::Number => self.say(Spoken {
                same_sentence: false,
                ..spoken
            }),
            Role::After(_) if same_sentence && !before => {
                self.measure.get_or_insert(label.word);
            }
            Role::Other(other) => {
                let other = pattern.others.get(usize::from(other));
                if !other.is_some_and(|it| it.weak || it.near) && !has_number(behind) {
                    self.thing = nearer(self.thing, Some(spoken));
                }
            }
            _ => {}
        }
    }
}

/// Whether a token parts sentences.
fn parts(token: &Token, before: &[Token], behind: &[Token]) -> bool {
    let next = behind.first().map(|token| token.kind);
    match token.kind {
        TokenKind::Mark('!' | '?') => true,
        TokenKind::Mark('.') => ends_sentence(before, next),
        // A line that was wrapped goes on with a small letter.
        TokenKind::Line => !matches!(next, Some(TokenKind::Word(said)) if said.is_small()),
        _ => false,
    }
}
