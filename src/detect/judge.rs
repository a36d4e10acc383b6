//! How sure a number is: what it is in itself, against what stands around it.

mod cues;
mod reasons;

use crate::detect::columns::Listed;
use crate::detect::context::Context;
use crate::detect::edge::Edge;
use crate::detect::finding::Confidence;
use crate::detect::judge::cues::Open;
use crate::detect::judge::reasons::Reasons;
use crate::detect::look::Stands;
use crate::detect::number::{Birth, Check, Flaw, Kind, Number};
use crate::detect::shape::Form;
use crate::detect::weigh::{Cue, Weight};
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

impl Case {
    /// Whether it is written with the hyphen that few other numbers have.
    fn is_hyphened(&self) -> bool {
        matches!(self.form, Form::Typical | Form::Lettered)
    }
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
pub(super) enum Looks {
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
    /// Its label names another number.
    Other,
    /// No label settles it: everything else is weighed.
    Open(Weight),
}

/// Judges a number in a column of which so much is known.
pub(super) fn judge(case: &Case, listed: Listed, pattern: &CprPattern) -> Verdict {
    let mut why = Reasons::to_be_told();
    let confidence = confidence(case, listed, pattern, &mut why);
    Verdict {
        confidence,
        reasons: why.told(),
    }
}

/// Whether it is a number of a person at all, as [`judge`] would say with its reasons.
pub(super) fn is_somebodys(case: &Case, listed: Listed, pattern: &CprPattern) -> bool {
    confidence(case, listed, pattern, &mut Reasons::default()).is_some()
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
    let standing = standing(case, &birth, (check, looks), listed, pattern, why);
    if case.form == Form::LostZero && standing != Standing::Named {
        why.say("nine digits need a label that names them");
        return None;
    }
    let born = pattern.year.saturating_sub(pattern.oldest)..=pattern.year;
    if !born.contains(&birth.year) {
        why.say("nobody alive was born in that year");
        return match standing {
            Standing::Named => Some(Confidence::Medium),
            // Archives ask for the dead, and what has both hyphen and check digit is hardly anything else.
            Standing::Open(weight)
                if looks == Looks::Strong && weight.confidence() >= Some(Confidence::Medium) =>
            {
                Some(Confidence::Medium)
            }
            Standing::Open(weight) if weight.person() => Some(Confidence::Low),
            _ => None,
        };
    }
    match standing {
        Standing::Named if looks == Looks::Poor || check == Check::Wrong => {
            Some(Confidence::Medium)
        }
        Standing::Named => Some(Confidence::High),
        Standing::Other => None,
        Standing::Open(weight) => weight.confidence(),
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
    (check, looks): (Check, Looks),
    listed: Listed,
    pattern: &CprPattern,
    why: &mut Reasons,
) -> Standing {
    let mut weight = Weight::new(looks);
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
                if !other.is_some_and(|other| other.weak) {
                    return Standing::Other;
                }
                // Few other numbers have a hyphen there.
                match (context.numbered, case.is_hyphened()) {
                    (true, _) => weight.add(Cue::WeakLabelNumbered),
                    (false, true) => {}
                    (false, false) => weight.add(Cue::WeakLabel),
                }
            }
            _ => {}
        }
    }
    let alike = alike(case, birth, check, listed, pattern);
    let mut open = Open {
        case,
        looks,
        pattern,
        weight,
        why,
    };
    open.weigh(alike, listed);
    Standing::Open(open.weight)
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
        Some((Alike::Workplace, "it may be a P-number"))
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
    /// A place of work's.
    Workplace,
    /// A person's in another country.
    Abroad,
}
