//! How sure a number is: what it is in itself, against what stands around it.

use crate::detect::columns::Listed;
use crate::detect::context::Context;
use crate::detect::edge::Edge;
use crate::detect::finding::Confidence;
use crate::detect::look::{Label, Lead, Stands};
use crate::detect::number::{Birth, Check, Flaw, Kind, Number};
use crate::detect::shape::Form;
use crate::pattern::{CprPattern, Role};

/// A number with everything that is known of it.
#[derive(Clone, Copy)]
pub(super) struct Case {
    pub(super) number: Number,
    pub(super) form: Form,
    pub(super) edge: Edge,
    /// It is written in two pieces: six digits, one character, four digits.
    pub(super) halved: bool,
    pub(super) birth: Result<Birth, Flaw>,
    pub(super) context: Context,
}

/// What a number was taken for, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Verdict {
    /// How sure it is; `None` where it is no number of a person.
    pub(super) confidence: Option<Confidence>,
    pub(super) reasons: Vec<Box<str>>,
}

/// How much a number looks like one, by itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Looks {
    /// Written as few numbers are, or with letters or a wrong check digit.
    Poor,
    Weak,
    Fair,
    /// Written as CPR numbers are, with the right check digit.
    Strong,
}

/// What stands around a number, as one word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Standing {
    /// Its label names it.
    Named,
    /// It stands beside a person.
    Person,
    /// It stands where a person would in the sentence.
    Role,
    /// Nothing is said of it.
    Bare,
    /// It follows a noun, so it is likely to be the number of that thing.
    Noun,
    /// A label that now and then names CPR numbers names another number.
    Unlikely,
    /// It is like another kind of number, and nobody says that it is not.
    Alike,
    /// Its label names another number.
    Other,
}

/// Judges a number in a column of which so much is known.
pub(super) fn judge(case: &Case, listed: Listed, pattern: &CprPattern) -> Verdict {
    let mut why = Reasons::default();
    let confidence = confidence(case, listed, pattern, &mut why);
    Verdict {
        confidence,
        reasons: why.0,
    }
}

fn confidence(
    case: &Case,
    listed: Listed,
    pattern: &CprPattern,
    why: &mut Reasons,
) -> Option<Confidence> {
    let birth = match case.birth {
        Ok(birth) => birth,
        Err(flaw) => {
            why.say(match flaw {
                Flaw::NoDate => "there is no such date of birth",
                Flaw::AllEqual => "all digits are the same",
                Flaw::Exempt => "it is on the list of numbers that are nobody's",
            });
            return None;
        }
    };
    if case.edge == Edge::Piece {
        why.say("it is a piece of a longer code, amount or telephone number");
        return None;
    }
    let check = case.number.check(&birth, pattern);
    let looks = looks(case.form, check, birth.kind);
    why.number(case, check, birth.kind);
    let standing = standing(case, &birth, check, listed, pattern, why);
    if case.form == Form::LostZero && standing != Standing::Named {
        why.say("nine digits need a label that names them");
        return None;
    }
    let born = pattern.year.saturating_sub(pattern.oldest)..=pattern.year;
    if !born.contains(&birth.year) {
        why.say("nobody alive was born in that year");
        return match standing {
            Standing::Named => Some(Confidence::Medium),
            Standing::Person => Some(Confidence::Low),
            _ => None,
        };
    }
    decide(standing, looks, check)
}

/// The whole decision.
fn decide(standing: Standing, looks: Looks, check: Check) -> Option<Confidence> {
    use Confidence::{High, Low, Medium};
    use Looks::{Fair, Poor, Strong, Weak};
    match (standing, looks) {
        (Standing::Named, Poor) => Some(Medium),
        (Standing::Named, _) if check == Check::Wrong => Some(Medium),
        (Standing::Named, _) | (Standing::Person, Strong) => Some(High),
        (Standing::Person, Fair | Weak) => Some(Medium),
        (Standing::Person, Poor) => Some(Low),
        (Standing::Role | Standing::Bare, Strong | Fair) => Some(Medium),
        (Standing::Role | Standing::Bare, Weak) => Some(Low),
        (Standing::Noun | Standing::Unlikely, Strong) => Some(Medium),
        (Standing::Noun | Standing::Unlikely, Fair) => Some(Low),
        (Standing::Alike, Strong | Fair) => Some(Low),
        _ => None,
    }
}

fn looks(form: Form, check: Check, kind: Kind) -> Looks {
    match (form, check) {
        (Form::Typical, Check::Right) => Looks::Strong,
        // Day + 60 doubles what chance allows, and nothing checks it.
        (Form::Typical, Check::Free) if kind == Kind::Cpr => Looks::Strong,
        (Form::Typical | Form::Lettered, _) | (Form::Plain, Check::Right) => Looks::Fair,
        (Form::Plain, Check::Free) if kind == Kind::Cpr => Looks::Fair,
        (Form::Plain | Form::LetteredPlain, _) => Looks::Weak,
        (Form::Loose | Form::Apart | Form::LostZero, Check::Right) => Looks::Weak,
        (Form::Loose | Form::Apart | Form::LostZero, _) => Looks::Poor,
    }
}

fn standing(
    case: &Case,
    birth: &Birth,
    check: Check,
    listed: Listed,
    pattern: &CprPattern,
    why: &mut Reasons,
) -> Standing {
    let context = &case.context;
    if let Some(label) = context.label {
        match label.role {
            Role::Number | Role::LastFour if label.stands != Stands::EarlierSentence => {
                why.label(label, pattern);
                return Standing::Named;
            }
            // A P-number begins with 10 and has no hyphen.
            Role::Shared if case.form != Form::Plain || !case.number.begins_as_a_p_number() => {
                why.label(label, pattern);
                return Standing::Named;
            }
            Role::Shared => {
                why.say("it is a P-number by its label and its beginning");
                return Standing::Other;
            }
            Role::Foreign => {
                why.say("the label is one of another country");
                return Standing::Other;
            }
            Role::Other(other) | Role::After(other) => {
                let other = pattern.others.get(usize::from(other));
                why.other(label, other.map_or("", |other| &other.name.en), pattern);
                return match other.is_some_and(|other| other.weak) {
                    true => Standing::Unlikely,
                    false => Standing::Other,
                };
            }
            _ => {}
        }
    }
    let beside = context.label.map(|label| label.word);
    let alike = alike(case, birth, check, listed, pattern);
    let in_role = context.acts || context.name || context.lead == Lead::Turn;
    // A number of another country stands for a person as well: where one would stand, it is ours.
    let alike = alike.filter(|(alike, _)| !(in_role && *alike == Alike::Abroad));
    if let Some((_, reason)) = alike {
        why.say(reason);
    }
    match (beside.or(context.person), alike) {
        (Some(word), _) if beside.is_some() || alike.is_none() && context.lead != Lead::Noun => {
            why.person(word, pattern);
            return Standing::Person;
        }
        (Some(_), Some(_)) => return Standing::Noun,
        _ => {}
    }
    if alike.is_some() {
        return if in_role {
            Standing::Noun
        } else {
            Standing::Alike
        };
    }
    if listed == Listed::People {
        why.say("it stands in a list of numbers that nearly all check");
        Standing::Person
    } else if context.name {
        why.say("a name stands beside it");
        Standing::Person
    } else if context.lead == Lead::Noun {
        why.say("it follows a noun, whose number it may be");
        Standing::Noun
    } else if context.acts || context.lead == Lead::Turn {
        why.say("it stands where a person would in the sentence");
        Standing::Role
    } else {
        why.say("no label");
        Standing::Bare
    }
}

/// What other kind of number it is like, so that it needs a label to be believed.
fn alike(
    case: &Case,
    birth: &Birth,
    check: Check,
    listed: Listed,
    pattern: &CprPattern,
) -> Option<(Alike, &'static str)> {
    let number = &case.number;
    let plain = !matches!(case.form, Form::Typical | Form::Lettered);
    let age = pattern.year.saturating_sub(birth.year);
    let here = |reason| Some((Alike::Here, reason));
    let abroad = birth.kind == Kind::Cpr && check == Check::Wrong;
    if case.edge >= Edge::Beside {
        here("what touches it more often touches other numbers")
    } else if case.form == Form::Plain && number.may_be_p_number() {
        here("it may be a P-number")
    } else if abroad && number.may_be_kennitala() {
        Some((Alike::Abroad, "it may be an Icelandic kennitala"))
    } else if abroad && number.may_be_swedish() {
        Some((Alike::Abroad, "it may be a Swedish personnummer"))
    } else if age >= pattern.rare && number.begins_with_a_date_since(pattern.year - pattern.recent)
    {
        here(match number.ends_in_a_time() {
            true => "it may be a date of late and a time",
            false => "a code with a date of late in it is likelier than so old a person",
        })
    } else if case.halved && case.form == Form::Plain && number.ends_in_a_year(pattern.year) {
        here("it may be a date and a year")
    } else if plain && case.context.url {
        here("it stands in an address of the web")
    } else if listed == Listed::Counted {
        here("the numbers of the list were counted up")
    } else if plain && listed == Listed::Others {
        here("few numbers of the list have a date in them")
    } else if case.form == Form::Apart && listed != Listed::People {
        here("the two parts stand apart")
    } else {
        None
    }
}

/// What kind of number another number is like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Alike {
    /// A thing's.
    Here,
    /// A person's in another country.
    Abroad,
}

#[derive(Default)]
struct Reasons(Vec<Box<str>>);

impl Reasons {
    fn say(&mut self, reason: &str) {
        self.0.push(reason.into());
    }

    fn number(&mut self, case: &Case, check: Check, kind: Kind) {
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

    fn label(&mut self, label: Label, pattern: &CprPattern) {
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

    fn other(&mut self, label: Label, name: &str, pattern: &CprPattern) {
        self.label(label, pattern);
        self.0
            .push(format!("that is the label of another number: {name}").into());
    }

    fn person(&mut self, word: u16, pattern: &CprPattern) {
        let written = pattern.words.word(word).map_or("", |word| &word.written);
        self.0
            .push(format!("it is about a person: `{written}`").into());
    }
}
