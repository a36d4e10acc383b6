//! Where every reader writes: texts and gaps, placed.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::extract::text::Draft;
use crate::extract::{
    Budget, Exhausted, Gap, Locus, Mark, Picture, Place, Reason, Spot, Text, View,
};
use crate::mail::FileName;
use crate::mime::{Defect, DefectKind, PartPath, Protection};

/// Everything that was read of a message, and everything that could not be.
#[derive(Debug, Default)]
pub struct Extract {
    /// The texts, in the order of the message.
    pub texts: Vec<Text>,
    /// The gaps.
    pub gaps: Vec<Gap>,
    /// The pictures that are asked to be read: each is a gap until it is.
    pub pictures: Vec<Picture>,
    /// What programs read differently, in the message and those attached to it.
    pub defects: Vec<Defect>,
    /// What already protects the message from end to end.
    pub protection: Protection,
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
    view: View,
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
            view: View::Main,
        }
    }

    /// The name of the file being read, through all containers.
    pub fn name(&self) -> Option<&FileName> {
        self.name.as_ref()
    }

    /// The part it is, or is in.
    pub fn part(&self) -> &PartPath {
        &self.part
    }

    /// In what role it stands in the message.
    pub fn place(&self) -> Place {
        self.place
    }

    /// A reading of something that belongs to this file, at another place of the message.
    pub fn at(&mut self, part: PartPath, name: Option<FileName>, place: Place) -> Reading<'_> {
        Reading {
            view: self.view,
            ..Reading::new(self.budget, self.extract, part, name, place)
        }
    }

    /// A reading of this file in another way than the message says it is to be read.
    pub(super) fn otherwise(&mut self, how: &'static str) -> Reading<'_> {
        let (part, name, place) = (self.part.clone(), self.name.clone(), self.place);
        Reading {
            view: View::Other(how),
            ..self.at(part, name, place)
        }
    }

    /// Hands over a text of this file. An empty one is passed over; one that is over the budget becomes a gap.
    pub fn text(&mut self, mut draft: Draft) {
        if draft.text.trim().is_empty() {
            return;
        }
        if let View::Other(how) = self.view
            && draft.marks.is_empty()
        {
            draft.marks.push(Mark {
                at: 0,
                locus: Locus::Section(how),
            });
        }
        match self.budget.text(draft.text.len() as u64) {
            Ok(()) => self.extract.texts.push(Text {
                place: self.place,
                view: self.view,
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
            detail: detail.into(),
        };
        // A file that is damaged in a thousand places is one gap.
        if self.extract.gaps.last() != Some(&gap) {
            self.extract.gaps.push(gap);
        }
    }

    /// Asks for a picture of this file to be read by OCR; one that is over the budget becomes a gap. `page` is which page of
    /// the file it is, `unread` the reason of the gap it is if nobody reads it.
    pub(super) fn ask(&mut self, page: Option<u32>, unread: Reason, octets: Vec<u8>) {
        // A logo stands in every message that is quoted below.
        let asked = &self.extract.pictures;
        if asked.iter().any(|known| known.octets == octets) {
            return;
        }
        match self.budget.picture(octets.len() as u64) {
            Ok(()) => {
                let spot = Spot {
                    place: self.place,
                    part: self.part.clone(),
                    name: self.name.clone(),
                    page,
                    unread,
                };
                self.extract.pictures.push(Picture { spot, octets });
            }
            Err(exhausted) => self.exhausted(exhausted),
        }
    }

    /// Notes that programs read this file differently.
    pub fn defect(&mut self, kind: DefectKind) {
        let defect = Defect {
            kind,
            part: self.part.clone(),
        };
        if self.extract.defects.last() != Some(&defect) {
            self.extract.defects.push(defect);
        }
    }

    /// Notes what protects the whole message.
    pub fn protected(&mut self, protection: Protection) {
        self.extract.protection = protection;
    }

    /// Hands over defects that were noticed before there was a reading.
    pub(super) fn defects(&mut self, defects: Vec<Defect>) {
        self.extract.defects.extend(defects);
    }

    /// Reads on `levels` deeper, in the same file. `None`, and a gap, where the depth is spent.
    pub(super) fn deeper<R>(
        &mut self,
        levels: u32,
        read: impl FnOnce(&mut Reading<'_>) -> R,
    ) -> Option<R> {
        for entered in 0..levels {
            if let Err(exhausted) = self.budget.enter() {
                (0..entered).for_each(|_| self.budget.leave());
                self.exhausted(exhausted);
                return None;
            }
        }
        let result = read(self);
        (0..levels).for_each(|_| self.budget.leave());
        Some(result)
    }

    /// Lets `read` read; what it panics on is a gap, and the process lives. Readers are written not to, and so are
    /// the libraries below them; this is for the day one is wrong.
    pub(super) fn guarded(&mut self, read: impl FnOnce(&mut Reading<'_>)) {
        let depth = self.budget.depth_left();
        let read = AssertUnwindSafe(|| read(self));
        if catch_unwind(read).is_err() {
            self.budget.come_back_to(depth);
            self.gap(Reason::Damaged, "its reader failed");
        }
    }

    /// Notes that the budget is spent.
    pub fn exhausted(&mut self, exhausted: Exhausted) {
        self.gap(exhausted.into(), exhausted.detail());
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
        inside.view = self.view;
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
