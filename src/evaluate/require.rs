//! What figures are asked for, so that a change which loses too much does not go live.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use crate::evaluate::{Count, Of, Share, Tally};
use crate::pattern::Category;

/// Everything that is asked for: `recall=0.9,precision=0.92,health.recall=0.75`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Requirements(pub Vec<Requirement>);

/// One figure that is asked for.
#[derive(Clone, PartialEq, Debug)]
pub struct Requirement {
    of: Whose,
    /// The least it may be, 0 to 1.
    least: f64,
}

/// Whose figure is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Whose {
    /// Of a category, of `sensitive`, or of a pattern.
    Row(Box<str>, Figure),
    /// Of `national-id` and of `sensitive`, each by itself, wherever the corpus labels any of it or something was found, so
    /// that neither can hide behind the other.
    Each(Figure),
    /// Of carriers: the share that comes to what is expected.
    Carriers,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Figure {
    Recall,
    Precision,
}

/// What is not asked for as it should be.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadRequirement {
    /// It has another form.
    #[error(
        "`{0}`: write it as `recall=0.9`, `health.precision=0.8`, `dk.cpr.recall=1` or `carriers=0.95`"
    )]
    Form(Box<str>),
    /// There is nothing of this name.
    #[error("`{0}` is no category and no pattern that is in use")]
    Unknown(Box<str>),
}

/// A requirement that does not hold.
#[derive(Clone, PartialEq, Debug)]
pub struct Fallen {
    /// The figure: `health.recall`.
    pub what: String,
    /// The least it may be.
    pub least: f64,
    /// What it is. `None` where there is nothing to take it of, which does not show that it holds.
    pub value: Option<f64>,
}

impl FromStr for Requirements {
    type Err = BadRequirement;

    fn from_str(text: &str) -> Result<Self, BadRequirement> {
        let all = text.split(',').map(|it| requirement(it.trim()));
        Ok(Self(all.collect::<Result<_, _>>()?))
    }
}

fn requirement(text: &str) -> Result<Requirement, BadRequirement> {
    let wrong = || BadRequirement::Form(text.into());
    let (name, least) = text.split_once('=').ok_or_else(wrong)?;
    let least = least.trim().parse::<f64>().map_err(|_| wrong())?;
    if !(0.0..=1.0).contains(&least) {
        return Err(wrong());
    }
    let figure = |word| match word {
        "recall" => Ok(Figure::Recall),
        "precision" => Ok(Figure::Precision),
        _ => Err(wrong()),
    };
    let of = match name.trim().rsplit_once('.') {
        Some((row, word)) => Whose::Row(row.into(), figure(word)?),
        None if name.trim() == "carriers" => Whose::Carriers,
        None => Whose::Each(figure(name.trim())?),
    };
    Ok(Requirement { of, least })
}

impl Requirements {
    /// Tells what does not hold in `tally`.
    ///
    /// # Errors
    ///
    /// When something is asked of what is neither a category nor a pattern in use.
    pub fn fallen(&self, tally: &Tally) -> Result<Vec<Fallen>, BadRequirement> {
        let mut fallen = Vec::new();
        for requirement in &self.0 {
            for (what, share) in requirement.asked_of(tally)? {
                let value = share.map(Share::value);
                if value.is_none_or(|value| value < requirement.least) {
                    let least = requirement.least;
                    fallen.push(Fallen { what, least, value });
                }
            }
        }
        Ok(fallen)
    }
}

impl Requirement {
    /// The figures it is about, by name.
    fn asked_of(&self, tally: &Tally) -> Result<Vec<(String, Option<Share>)>, BadRequirement> {
        let count = |of: &Of| tally.rows.get(of).copied().unwrap_or_default();
        match &self.of {
            Whose::Carriers => Ok(vec![("carriers".to_owned(), carriers(tally))]),
            Whose::Row(name, figure) => match row_named(&tally.rows, name) {
                Some(of) => Ok(vec![figure.of(of, count(of))]),
                None => Err(BadRequirement::Unknown(name.clone())),
            },
            Whose::Each(figure) => {
                let each = [Of::Category(Category::NationalId), Of::Sensitive];
                let nothing = each.iter().all(|of| count(of).is_empty());
                let told = each.iter().filter(|of| nothing || !count(of).is_empty());
                Ok(told.map(|of| figure.of(of, count(of))).collect())
            }
        }
    }
}

impl Figure {
    /// The figure of a row, and its name.
    fn of(self, of: &Of, count: Count) -> (String, Option<Share>) {
        let (word, share) = match self {
            Self::Recall => ("recall", count.recall()),
            Self::Precision => ("precision", count.precision()),
        };
        (format!("{}.{word}", of.name()), share)
    }
}

fn row_named<'a>(rows: &'a BTreeMap<Of, Count>, name: &str) -> Option<&'a Of> {
    let mut rows = rows.keys();
    rows.find(|of| !matches!(of, Of::Set(..) | Of::Language(..)) && of.name() == name)
}

fn carriers(tally: &Tally) -> Option<Share> {
    let all = tally.expectations.values();
    let (held, of) = all.fold((0, 0), |(held, of), it| (held + it.held, of + it.of));
    Share::new(held, of)
}

impl fmt::Display for Fallen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value {
            Some(value) => write!(
                f,
                "{} is {value:.3}, and {} is required",
                self.what, self.least
            ),
            None => write!(
                f,
                "{} cannot be told from this corpus, and {} is required",
                self.what, self.least
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::PatternId;
    use crate::evaluate::Measure;

    #[test]
    fn what_is_asked_for_is_read_whole() {
        let read = |text: &str| text.parse::<Requirements>().map(|it| it.0.len());
        assert_eq!(
            read("recall=0.9, precision=0.92,health.recall=1,dk.cpr.recall=0"),
            Ok(4)
        );
        for wrong in [
            "",
            "recall",
            "recall=",
            "recall=1.1",
            "recall=-0.1",
            "recall=NaN",
            "f1=0.5",
            "x.carriers=1",
            "recall=1,",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    fn fallen(text: &str) -> Result<Vec<String>, BadRequirement> {
        let mut tally = Tally::default();
        let count = |labelled, found, false_alarms| Count {
            labelled,
            found,
            false_alarms,
        };
        let pattern = Of::Pattern(PatternId::new("dk.cpr"), Measure::Numbers);
        tally.rows = BTreeMap::from([
            (Of::Category(Category::NationalId), count(10, 10, 0)),
            (Of::Category(Category::Health), count(4, 2, 0)),
            (Of::Category(Category::Exam), count(0, 0, 0)),
            (Of::Sensitive, count(4, 2, 2)),
            (pattern, count(10, 9, 0)),
        ]);
        let told = text.parse::<Requirements>()?.fallen(&tally)?;
        Ok(told.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn what_does_not_hold_is_named() {
        let none = Vec::<String>::new();
        assert_eq!(
            fallen("recall=0.5,precision=0.5,dk.cpr.recall=0.9"),
            Ok(none)
        );
        assert_eq!(
            fallen("recall=0.75,health.precision=1"),
            Ok(vec![
                "sensitive.recall is 0.500, and 0.75 is required".into()
            ])
        );
        assert_eq!(
            fallen("dk.cpr.recall=0.91"),
            Ok(vec!["dk.cpr.recall is 0.900, and 0.91 is required".into()])
        );
        assert_eq!(
            fallen("exam.recall=0,carriers=0"),
            Ok(vec![
                "exam.recall cannot be told from this corpus, and 0 is required".into(),
                "carriers cannot be told from this corpus, and 0 is required".into(),
            ])
        );
        assert_eq!(
            fallen("x.recall=1"),
            Err(BadRequirement::Unknown("x".into()))
        );
    }
}
