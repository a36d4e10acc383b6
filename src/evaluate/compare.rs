//! What other patterns would gain and lose, mail by mail.

use std::collections::BTreeMap;

use crate::evaluate::{FalseAlarm, Label, Met, Sample, Score, Truth};
use crate::pattern::Category;

/// One thing that would be otherwise.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// Which of the samples, counted from 0.
    pub sample: usize,
    /// What turns.
    pub turn: Turn,
}

/// What turns.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Turn {
    /// What was missed is found. This is the label as it comes out after.
    FoundNow(Label),
    /// What was found that is not there is no longer.
    AlarmGone(FalseAlarm),
    /// What was found is missed. This is the label as it comes out after.
    MissedNow(Label),
    /// What was not found and is not there is found.
    NewAlarm(FalseAlarm),
}

impl Turn {
    /// Whether it is for the better.
    pub fn is_gain(&self) -> bool {
        matches!(self, Self::FoundNow(_) | Self::AlarmGone(_))
    }

    /// The word for it.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::FoundNow(_) => "found-now",
            Self::AlarmGone(_) => "false-alarm-gone",
            Self::MissedNow(_) => "missed-now",
            Self::NewAlarm(_) => "new-false-alarm",
        }
    }
}

/// Lays the scores of `samples` by two sets of patterns beside each other, and tells every difference in their order.
///
/// False alarms are the same where their category, their masked evidence and their place are, so that a pattern may be given
/// another name. Of a sensitive category there is one in a mail at most, and it is the same whatever it was found by; but
/// in a negative each is one of its own.
pub fn compare(samples: &[Sample], before: &[Score], after: &[Score]) -> Vec<Change> {
    let mut changes = Vec::new();
    let scores = before.iter().zip(after);
    for (at, (sample, (before, after))) in samples.iter().zip(scores).enumerate() {
        let each = matches!(sample.truth, Truth::Negative);
        let turns = turned(before, after, each);
        changes.extend(turns.into_iter().map(|turn| Change { sample: at, turn }));
    }
    changes
}

fn turned(before: &Score, after: &Score, each: bool) -> Vec<Turn> {
    let mut turns = Vec::new();
    for (was, is) in before.labels.iter().zip(&after.labels) {
        match (&was.met, &is.met) {
            (Met::Missed { .. }, Met::Found { .. }) => turns.push(Turn::FoundNow(is.clone())),
            (Met::Found { .. }, Met::Missed { .. }) => turns.push(Turn::MissedNow(is.clone())),
            _ => {}
        }
    }
    let gone = without(&before.false_alarms, &after.false_alarms, each);
    turns.extend(gone.into_iter().map(Turn::AlarmGone));
    let new = without(&after.false_alarms, &before.false_alarms, each);
    turns.extend(new.into_iter().map(Turn::NewAlarm));
    turns
}

/// Those of `alarms` that are not among `others`: as many of each as there are more.
fn without(alarms: &[FalseAlarm], others: &[FalseAlarm], each: bool) -> Vec<FalseAlarm> {
    let mut there: BTreeMap<_, usize> = BTreeMap::new();
    for other in others {
        *there.entry(identity(other, each)).or_default() += 1;
    }
    let mut new = Vec::new();
    for alarm in alarms {
        match there.get_mut(&identity(alarm, each)) {
            Some(left) if *left > 0 => *left -= 1,
            _ => new.push(alarm.clone()),
        }
    }
    new
}

/// By what a false alarm is told from another in the same mail.
fn identity(alarm: &FalseAlarm, each: bool) -> (Category, Option<(&str, &str)>) {
    let is_one = alarm.category != Category::NationalId && !each;
    let place = (alarm.evidence.as_str(), alarm.origin.as_str());
    (alarm.category, (!is_one).then_some(place))
}
