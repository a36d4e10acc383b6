//! The one pass over a RAR archive: the library asks where each entry is to go, and the one before is read then.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use rars::{Archive, ArchiveMember, ArchiveReadOptions, ExtractionDecision, ExtractionErrorAction};

use crate::extract::archive::folder;
use crate::extract::rar::{WORDS, flaw, name};
use crate::extract::{Draft, Exhausted, Flaw, Reading, Reason, open};
use crate::limits::Cancel;

/// How far the pass has come.
pub(super) struct Pass<'p, 'r> {
    reading: &'p mut Reading<'r>,
    taken: Rc<RefCell<Taken>>,
    /// The name of the entry whose octets are coming.
    current: Option<String>,
    is_solid: bool,
    /// How many entries the library has asked about.
    seen: usize,
    /// Why nothing more is read.
    over: Option<Flaw>,
}

/// What came out of the entry at hand. The library owns the other end of it.
struct Taken {
    octets: Vec<u8>,
    /// The most an entry may yield.
    room: u64,
    /// How many octets came out, those that were passed over too.
    count: u64,
    /// How many may.
    left: u64,
    cancel: Cancel,
    over: Option<Exhausted>,
    /// Whether what follows can be had only through this.
    is_solid: bool,
}

impl Pass<'_, '_> {
    /// Reads all entries of an archive.
    pub(super) fn run(
        archive: &Archive,
        options: ArchiveReadOptions<'_>,
        reading: &mut Reading<'_>,
    ) {
        let is_solid = archive.members().any(|member| member.is_solid());
        let taken = Taken {
            octets: Vec::new(),
            room: 0,
            count: 0,
            left: 0,
            cancel: reading.budget.cancel().clone(),
            over: None,
            is_solid,
        };
        let pass = RefCell::new(Pass {
            reading,
            taken: Rc::new(RefCell::new(taken)),
            current: None,
            is_solid,
            seen: 0,
            over: None,
        });
        let result = archive.extract_with_control_and_errors(
            options,
            |member| Ok(pass.borrow_mut().decide(member)),
            |_, error| {
                pass.borrow_mut().finish(Some(flaw(error)));
                Ok(ExtractionErrorAction::Continue)
            },
        );
        let mut pass = pass.into_inner();
        let failed = result.err().map(|error| flaw(&error));
        pass.finish(failed);
        let over = pass.over.or(failed);
        // Those the library never came to have names all the same.
        for member in archive.members().skip(pass.seen) {
            let Some(flaw) = over else { break };
            pass.note(&member, flaw);
            if matches!(flaw, Flaw::Exhausted(exhausted) if exhausted.is_final()) {
                break;
            }
        }
    }

    /// Where an entry is to go.
    fn decide(&mut self, member: &ArchiveMember) -> ExtractionDecision {
        self.finish(None);
        if self.over.is_some() {
            return ExtractionDecision::Stop;
        }
        self.seen += 1;
        if let Err(exhausted) = self.reading.budget.entry() {
            self.reading.exhausted(exhausted);
            self.over = Some(Flaw::Exhausted(exhausted));
            return ExtractionDecision::Stop;
        }
        let meta = &member.meta;
        let known = name(&meta.name);
        if meta.is_directory {
            folder(&format!("{}/", known.trim_end_matches('/')), self.reading);
            return ExtractionDecision::Skip;
        }
        if meta.is_redirection {
            self.link(member, &known);
            return ExtractionDecision::Skip;
        }
        if meta.is_split_before || meta.is_split_after {
            self.reading.inner(Some(&known), |reading| {
                reading.gap(Reason::Unsupported, "rar: one of several volumes");
            });
            return self.skip(Flaw::Unsupported);
        }
        if meta.is_encrypted {
            self.reading.inner(Some(&known), |reading| {
                WORDS.gap(Flaw::Encrypted, reading);
            });
            return self.skip(Flaw::Encrypted);
        }
        self.current = Some(known);
        let mut taken = self.taken.borrow_mut();
        taken.room = self.reading.budget.entry_room();
        taken.left = self.reading.budget.decoded_left();
        ExtractionDecision::Extract(Box::new(Mouth(Rc::clone(&self.taken))))
    }

    /// Passes over an entry. Where others look back on it, they cannot be had either.
    fn skip(&mut self, flaw: Flaw) -> ExtractionDecision {
        if self.is_solid {
            self.over = Some(flaw);
            return ExtractionDecision::Stop;
        }
        ExtractionDecision::Skip
    }

    /// Reads the entry that came out, if one did.
    fn finish(&mut self, failed: Option<Flaw>) {
        let Some(known) = self.current.take() else {
            return;
        };
        let mut taken = self.taken.borrow_mut();
        let octets = std::mem::take(&mut taken.octets);
        let count = std::mem::take(&mut taken.count);
        let exhausted = taken.over.take();
        drop(taken);
        let spent = self.reading.budget.decoded(count);
        let flaw = match exhausted.map_or(spent, Err) {
            Err(exhausted) => Some(Flaw::Exhausted(exhausted)),
            Ok(()) => failed,
        };
        self.reading.inner(Some(&known), |reading| {
            reading.guarded(|reading| open(&octets, reading));
            if let Some(flaw) = flaw {
                WORDS.gap(flaw, reading);
            }
        });
        if let Some(Flaw::Exhausted(exhausted)) = flaw
            && exhausted.is_final()
        {
            self.over = flaw;
        }
    }

    /// Notes an entry that was not come to.
    fn note(&mut self, member: &ArchiveMember, flaw: Flaw) {
        if let Err(exhausted) = self.reading.budget.entry() {
            self.reading.exhausted(exhausted);
            return;
        }
        self.reading
            .inner(Some(&name(&member.meta.name)), |reading| {
                WORDS.gap(flaw, reading);
            });
    }

    /// A link says where it leads.
    fn link(&mut self, member: &ArchiveMember, known: &str) {
        self.reading.inner(Some(known), |reading| {
            if let rars::ArchiveMemberDetail::Rar50Plus {
                redirection: Some(redirection),
                ..
            } = &member.detail
            {
                let mut draft = Draft::new();
                draft.push(&name(&redirection.target_name));
                reading.text(draft);
            }
        });
    }
}

/// The end of [`Taken`] that the library writes to.
struct Mouth(Rc<RefCell<Taken>>);

impl Write for Mouth {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        let mut taken = self.0.borrow_mut();
        taken.count += octets.len() as u64;
        if taken.cancel.is_cancelled() {
            taken.over = Some(Exhausted::Time);
        } else if taken.count > taken.left {
            taken.over = Some(Exhausted::Limit("decoded"));
        } else {
            let within = taken.room.saturating_sub(taken.octets.len() as u64);
            let within = usize::try_from(within).unwrap_or(usize::MAX);
            match octets.get(..within) {
                Some(within) if within.len() < octets.len() => {
                    taken.octets.extend_from_slice(within);
                    taken.over = Some(Exhausted::Limit("entry"));
                }
                _ => taken.octets.extend_from_slice(octets),
            }
        }
        match taken.over {
            Some(exhausted) if exhausted.is_final() || !taken.is_solid => {
                Err(io::Error::other(exhausted))
            }
            _ => Ok(octets.len()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
