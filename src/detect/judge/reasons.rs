//! Why a number was taken for what it is, in fixed words and words of the pack.

use crate::detect::judge::Case;
use crate::detect::look::{Label, Stands};
use crate::detect::number::{Check, Kind};
use crate::detect::shape::Form;
use crate::pattern::CprPattern;

/// What was said so far, if anybody wants to know: most numbers of a text are nobody's, and writing down why would cost most of the
/// time they take.
#[derive(Default)]
pub(super) struct Reasons {
    said: usize,
    written: Option<Vec<Box<str>>>,
}

impl Reasons {
    /// Reasons that are written down.
    pub(super) fn to_be_told() -> Self {
        Self {
            said: 0,
            written: Some(Vec::new()),
        }
    }

    /// What was written down.
    pub(super) fn told(self) -> Vec<Box<str>> {
        self.written.unwrap_or_default()
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.said
    }

    pub(super) fn say(&mut self, reason: &str) {
        self.add(|| reason.into());
    }

    fn add(&mut self, reason: impl FnOnce() -> Box<str>) {
        self.said += 1;
        if let Some(written) = &mut self.written {
            written.push(reason());
        }
    }

    pub(super) fn number(&mut self, case: &Case, check: Check, kind: Kind) {
        match kind {
            Kind::Cpr => {}
            Kind::Replacement => self.say("replacement number, day + 60"),
            Kind::ECpr => self.say("e-CPR"),
        }
        match check {
            Check::Right => self.say("check digit right"),
            Check::Free if kind == Kind::Cpr => {
                self.say("born on a date without check digits");
            }
            Check::Free => {}
            Check::Wrong => self.say("check digit wrong"),
        }
        match case.form {
            Form::LostZero => self.say("a zero in front was lost"),
            Form::Apart => self.say("date and last four digits apart"),
            _ => {}
        }
    }

    pub(super) fn label(&mut self, label: Label, pattern: &CprPattern) {
        let stands = match label.stands {
            Stands::Before | Stands::EarlierSentence => "before it",
            Stands::Behind => "behind it",
            Stands::Row => "in its row",
            Stands::Column => "at the head of its column",
            Stands::List => "before its list",
        };
        self.add(|| {
            let word = pattern.words.word(label.word);
            let written = word.map_or("", |word| &word.written);
            format!("label `{written}` {stands}").into()
        });
    }

    pub(super) fn other(&mut self, label: Label, name: &str, pattern: &CprPattern) {
        self.label(label, pattern);
        self.add(|| format!("that is the label of another number: {name}").into());
    }

    /// A reason with the word of the pack that gave it.
    pub(super) fn word(&mut self, reason: &str, word: u16, pattern: &CprPattern) {
        self.add(|| {
            let written = pattern.words.word(word).map_or("", |word| &word.written);
            format!("{reason}: `{written}`").into()
        });
    }
}
