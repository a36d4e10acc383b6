//! A ZIP archive: every entry, by content.

use crate::extract::{Container, Draft, Flaw, Locus, Place, Reading, Reason, open};
use crate::mail::FileName;

/// Reads an archive. The name of an entry is read even where the entry is encrypted.
pub(super) fn read(mut container: Container<'_>, reading: &mut Reading<'_>) {
    if container.hides_entries() {
        reading.gap(Reason::Damaged, "zip: entries that are not listed once");
    }
    let mut comments = Draft::new();
    comments.mark(Locus::Section("comment"));
    comments.push(&container.comments());
    reading.text(comments);
    for index in 0..container.names().len() {
        let name = container.names().get(index).cloned().unwrap_or_default();
        if name.ends_with('/') {
            folder(&name, reading);
            continue;
        }
        let unpacked = container.read(index, reading.budget);
        reading.inner(Some(&name), |reading| {
            reading.guarded(|reading| open(&unpacked.bytes, reading));
            if let Some(flaw) = unpacked.flaw {
                reading.gap(flaw.reason(), flaw.detail());
            }
        });
        if matches!(unpacked.flaw, Some(Flaw::Exhausted(exhausted)) if exhausted.is_final()) {
            return;
        }
    }
}

/// The name of a folder is a text too.
pub(super) fn folder(name: &str, reading: &mut Reading<'_>) {
    let full = match reading.name() {
        Some(outer) => outer.joined(name),
        None => FileName::new(name),
    };
    let part = reading.part().clone();
    let mut draft = Draft::new();
    draft.push(name);
    reading
        .at(part, Some(full), Place::AttachmentName)
        .text(draft);
}
