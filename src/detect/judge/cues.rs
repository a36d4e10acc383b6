//! What speaks for and against a number that no label settles, found in what stands around it.

use crate::detect::columns::Listed;
use crate::detect::context::is_person;
use crate::detect::judge::reasons::Reasons;
use crate::detect::judge::{Alike, Case, Looks};
use crate::detect::look::Lead;
use crate::detect::weigh::{Cue, Weight};
use crate::pattern::{CprPattern, Role};

/// A number that is weighed.
pub(super) struct Open<'a> {
    pub(super) case: &'a Case,
    pub(super) looks: Looks,
    pub(super) pattern: &'a CprPattern,
    pub(super) weight: Weight,
    pub(super) why: &'a mut Reasons,
}

impl Open<'_> {
    /// Adds up everything.
    pub(super) fn weigh(&mut self, alike: Option<(Alike, &'static str)>, listed: Listed) {
        let before = self.why.len();
        match alike {
            Some((Alike::Here, reason)) => self.add(Cue::Alike, reason),
            Some((Alike::Workplace, reason)) => self.add(Cue::Workplace, reason),
            // A number of another country stands for a person as well: where one would stand, it is ours.
            Some((Alike::Abroad, reason)) if !self.in_role() => self.add(Cue::Abroad, reason),
            _ => {}
        }
        if listed == Listed::People {
            let reason = "it stands in a list of numbers that nearly all check";
            self.add(Cue::People, reason);
        }
        self.place();
        self.persons();
        self.things();
        self.neighbors();
        if self.why.len() == before {
            self.why.say("no label");
        }
    }

    /// Where it stands in its sentence.
    fn place(&mut self) {
        let context = &self.case.context;
        if context.name {
            self.add(Cue::Name, "a name stands beside it");
        }
        if self.follows_noun() {
            self.add(Cue::Noun, "it follows a noun, whose number it may be");
            if context.numbered {
                self.add(Cue::Numbered, "it is called the number of that");
            }
        }
        let somebody = "it stands where a person would in the sentence";
        if context.range {
            self.add(Cue::Range, "it is the end of a range");
        } else if context.acts && !(self.follows_noun() && context.numbered) {
            self.add(Cue::Acts, somebody);
        } else if context.lead == Lead::Turn {
            self.add(Cue::Turn, somebody);
        }
        if context.denied {
            self.add(Cue::Denied, "the text says that it is none");
        }
        if context.again {
            self.add(Cue::Again, "it is another one of what was named before");
        }
    }

    /// Who is spoken of, the nearest only.
    fn persons(&mut self) {
        let context = &self.case.context;
        let (noun, hyphened) = (self.follows_noun(), self.case.is_hyphened());
        let behind = context
            .topic
            .person
            .filter(|it| it.same_sentence && !it.before);
        let behind = behind.map(|person| person.word);
        if let Some(label) = context.label.filter(|label| is_person(label.role)) {
            self.person(Cue::PersonBeside, label.word);
        } else if let Some(word) = context.matter {
            let reason = "a matter of persons stands before it";
            self.add_word(Cue::Matter, reason, word);
        } else if let Some(word) = self.person_before() {
            match noun && !hyphened && !self.is_pronoun(word) {
                true => self.person(Cue::PersonBeyond, word),
                false => self.person(Cue::PersonInSentence, word),
            }
        } else if let Some(word) = behind.filter(|word| hyphened && !noun || self.is_pronoun(*word))
        {
            match noun || hyphened && context.numbered {
                true => self.person(Cue::PersonBeyond, word),
                false => self.person(Cue::PersonInSentence, word),
            }
        } else {
            self.nobody();
        }
    }

    /// Nobody is spoken of in its sentence.
    fn nobody(&mut self) {
        let context = &self.case.context;
        let noun = self.follows_noun();
        let role = context.label.map(|label| label.role);
        let numbered = context.numbered || role == Some(Role::Numeral);
        if numbered && !noun {
            self.add(Cue::Numbered, "it is called a number, and of no person");
        }
        let other = matches!(role, Some(Role::Other(_)));
        let nearby = context.topic.person.filter(|_| !other);
        if let Some(word) = nearby.map(|person| person.word)
            && (!numbered && !noun || self.is_pronoun(word))
        {
            self.add_word(Cue::PersonNearby, "a person is spoken of nearby", word);
        }
    }

    /// What else is spoken of.
    fn things(&mut self) {
        if self.stands_for_somebody() {
            return;
        }
        let topic = self.case.context.topic;
        let alone = self.person_before().is_none();
        let strong = self.looks == Looks::Strong;
        if let Some(word) = topic.measure.filter(|_| alone) {
            let reason = "a price or a measure stands behind it";
            self.add_word(Cue::Measure, reason, word);
        }
        let Some(thing) = topic.thing else { return };
        let cue = match thing.same_sentence {
            true if strong => Cue::ThingNearby,
            true => Cue::ThingInSentence,
            false if alone && !strong => Cue::ThingNearby,
            false => return,
        };
        self.add_word(cue, "another kind of number is spoken of", thing.word);
    }

    /// What the number before it is.
    fn neighbors(&mut self) {
        let context = &self.case.context;
        let noun = self.follows_noun();
        let wrong = !self.case.number.check_digit_is_right();
        if context.beside_right && wrong && !noun && !context.range {
            let reason = "the number before it in the list checks";
            self.add(Cue::BesideRight, reason);
        }
        match context.previous.map(|label| label.role) {
            Some(Role::Number) if !noun => {
                self.add(Cue::AfterOne, "the number before it is one");
            }
            Some(Role::Other(_)) if !self.stands_for_somebody() => {
                self.add(Cue::AfterOther, "the number before it is another one");
            }
            _ => {}
        }
    }

    /// Whether it stands where somebody would.
    fn in_role(&self) -> bool {
        let context = &self.case.context;
        context.acts || context.name || context.matter.is_some() || context.lead == Lead::Turn
    }

    fn stands_for_somebody(&self) -> bool {
        let context = &self.case.context;
        let beside = context.label.is_some_and(|label| is_person(label.role));
        beside || self.in_role() && !context.range
    }

    fn follows_noun(&self) -> bool {
        let context = &self.case.context;
        let beside = context.label.is_some_and(|label| is_person(label.role));
        context.lead == Lead::Noun && !beside
    }

    /// The word for somebody before it in its sentence.
    fn person_before(&self) -> Option<u16> {
        let context = &self.case.context;
        let spoken = context.topic.person;
        let ahead = spoken.filter(|person| person.same_sentence && person.before);
        context.person.or_else(|| ahead.map(|person| person.word))
    }

    /// Whether the word means somebody, and does not only name what somebody may be.
    fn is_pronoun(&self, word: u16) -> bool {
        let word = self.pattern.words.word(word);
        word.is_some_and(|word| word.role == Role::Pronoun)
    }

    fn person(&mut self, cue: Cue, word: u16) {
        self.add_word(cue, "it is about a person", word);
    }

    fn add(&mut self, cue: Cue, reason: &str) {
        self.weight.add(cue);
        self.why.say(reason);
    }

    fn add_word(&mut self, cue: Cue, reason: &str, word: u16) {
        self.weight.add(cue);
        self.why.word(reason, word, self.pattern);
    }
}
