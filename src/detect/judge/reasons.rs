//! Why a number was taken for what it is, in fixed words and words of the pack.

use crate::detect::judge::Case;
use crate::detect::look::{Label, Stands};
use crate::detect::number::{Check, Kind};
use crate::detect::shape::Form;
use crate::pattern::CprPattern;

/// What was said so far.
#[derive(Default)]
pub(super) struct Reasons(pub(super) Vec<Box<str>>);

impl Reasons {
    pub(super) fn say(&mut self, reason: &str) {
        self.0.push(reason.into());
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
        let written = pattern
            .words
            .word(label.word)
            .map_or("", |word| &word.written);
        let stands = match label.stands {
            Stands::Before | Stands::EarlierSentence => "before it",
            Stands::Behind => "behind it",
            Stands::Row => "in its row",
            Stands::Column => "at the head of its column",
            Stands::List => "before its list",
        };
        self.0.push(format!("label `{written}` {stands}").into());
    }

    pub(super) fn other(&mut self, label: Label, name: &str, pattern: &CprPattern) {
        self.label(label, pattern);
        self.0
            .push(format!("that is the label of another number: {name}").into());
    }

    /// A reason with the word of the pack that gave it.
    pub(super) fn word(&mut self, reason: &str, word: u16, pattern: &CprPattern) {
        let written = pattern.words.word(word).map_or("", |word| &word.written);
        self.0.push(format!("{reason}: `{written}`").into());
    }
}
