//! Where every reader writes: texts and gaps, placed.

use crate::extract::text::Draft;
use crate::extract::{Budget, Exhausted, Gap, Place, Reason, Text};
use crate::mail::FileName;
use crate::mime::PartPath;

/// Everything that was read of a message, and everything that could not be.
#[derive(Debug, Default)]
pub struct Extract {
    /// The texts, in the order of the message.
    pub texts: Vec<Text>,
    /// The gaps.
    pub gaps: Vec<Gap>,
}

/// One file being read: its place, the budget it spends, and the extract it writes into.
#[derive(Debug)]
pub struct Reading<'a> {
    /// The budget of the message.
    pub budget: &'a mut Budget,
    extract: &'a mut Extract,
    part: PartPath,
    name: Option<FileName>,
    place: Place,
}

impl<'a> Reading<'a> {
    /// A reading of the file that is part `part`.
    pub fn new(
        budget: &'a mut Budget,
        extract: &'a mut Extract,
        part: PartPath,
        name: Option<FileName>,
        place: Place,
    ) -> Self {
        Self {
            budget,
            extract,
            part,
            name,
            place,
        }
    }

    /// The name of the file being read, through all containers.
    pub fn name(&self) -> Option<&FileName> {
        self.name.as_ref()
    }

    /// Hands over a text of this file. An empty one is passed over; one that is over the budget becomes a gap.
    pub fn text(&mut self, draft: Draft) {
        if draft.text.trim().is_empty() {
            return;
        }
        match self.budget.text(draft.text.len() as u64) {
            Ok(()) => self.extract.texts.push(Text {
                place: self.place,
                part: self.part.clone(),
                name: self.name.clone(),
                text: draft.text,
                marks: draft.marks,
            }),
            Err(exhausted) => self.exhausted(exhausted),
        }
    }

    /// Notes that this file, or something in it, could not be read.
    pub fn gap(&mut self, reason: Reason, detail: &'static str) {
        let gap = Gap {
            part: self.part.clone(),
            name: self.name.clone(),
            reason,
            detail,
        };
        // A file that is damaged in a thousand places is one gap.
        if self.extract.gaps.last() != Some(&gap) {
            self.extract.gaps.push(gap);
        }
    }

    /// Notes that the budget is spent.
    pub fn exhausted(&mut self, exhausted: Exhausted) {
        let detail = match exhausted {
            Exhausted::Limit(limit) => limit,
            Exhausted::Time => "time",
        };
        self.gap(exhausted.into(), detail);
    }

    /// Begins the reading of something inside this file, one level deeper; its name is itself a text, for
    /// people write numbers into names. `None`, and a gap, where the depth is spent.
    pub fn inner<R>(
        &mut self,
        name: Option<&str>,
        read: impl FnOnce(&mut Reading<'_>) -> R,
    ) -> Option<R> {
        if let Err(exhausted) = self.budget.enter() {
            self.exhausted(exhausted);
            return None;
        }
        let joined = match (&self.name, name) {
            (Some(outer), Some(inner)) => Some(outer.joined(inner)),
            (None, Some(inner)) => Some(FileName::new(inner)),
            (outer, None) => outer.clone(),
        };
        let mut inside = Reading::new(
            self.budget,
            self.extract,
            self.part.clone(),
            joined,
            Place::AttachmentName,
        );
        if let Some(name) = name {
            let mut draft = Draft::new();
            draft.push(name);
            inside.text(draft);
        }
        inside.place = Place::Attachment;
        let result = read(&mut inside);
        self.budget.leave();
        Some(result)
    }
}
