//! What the targets share: narrow limits, and what must hold of anything that was read.

pub mod pieces;
pub mod wrapped;

use std::sync::LazyLock;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use sluse::extract::{Budget, Extract, Place, Reading, open};
use sluse::limits::{Cancel, ReadLimits};
use sluse::mail::FileName;
use sluse::mime::PartPath;
use sluse::pattern::{FingerprintKey, Packs};

/// The shipped packs. What they take to be compiled is not the input's doing: look at them before time is taken.
pub static PACKS: LazyLock<Packs> = LazyLock::new(|| Packs::shipped(FingerprintKey::new([7; 32])));

/// Limits that a short input can meet.
pub static LIMITS: LazyLock<ReadLimits> = LazyLock::new(|| ReadLimits {
    depth: 12,
    parts: 200,
    fields: 200,
    entries: 200,
    decoded: 4 << 20,
    entry: 1 << 20,
    text: 1 << 20,
    ..ReadLimits::default()
});

/// The processor time that any input may take here, where the program is built to be watched and is some five times slower
/// than it ships: what takes longer is a finding.
const LONGEST: Duration = Duration::from_millis(2500);

/// Does `work` and panics if it took too long. It counts the time of this thread: a busy machine changes nothing.
pub fn timely<T>(work: impl FnOnce() -> T) -> T {
    let began = used();
    let result = work();
    let took = used() - began;
    assert!(took < LONGEST, "took {took:?}");
    result
}

fn used() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(
        u64::try_from(time.tv_sec).unwrap_or(0),
        u32::try_from(time.tv_nsec).unwrap_or(0),
    )
}

/// Reads a file as an attachment, and checks what came of it.
pub fn read_file(bytes: &[u8]) -> Extract {
    let mut budget = Budget::new(&LIMITS, Cancel::default());
    let mut extract = Extract::default();
    let mut reading = Reading::new(
        &mut budget,
        &mut extract,
        PartPath::root(),
        Some(FileName::new("fil")),
        Place::Attachment,
    );
    open(bytes, &mut reading);
    check(&extract, bytes.len());
    extract
}

/// What must hold of whatever was read from so many octets.
pub fn check(extract: &Extract, octets: usize) {
    let text: usize = extract.texts.iter().map(|text| text.text.len()).sum();
    assert!(text as u64 <= LIMITS.text, "{text} octets of text");
    // A text, a gap or a defect may come of each part, entry and piece of a text, never of each octet of them.
    let most = 10_000 + octets;
    assert!(extract.texts.len() < most, "{} texts", extract.texts.len());
    assert!(extract.gaps.len() < most, "{} gaps", extract.gaps.len());
    for text in &extract.texts {
        assert!(!text.text.trim().is_empty(), "an empty text");
        let ascending = text.marks.windows(2).all(|pair| match pair {
            [one, other] => one.at <= other.at,
            _ => true,
        });
        assert!(ascending, "marks out of order");
        for mark in &text.marks {
            assert!(text.text.is_char_boundary(mark.at), "a mark in a letter");
        }
    }
    for gap in &extract.gaps {
        assert_ne!(gap.detail, "its reader failed");
    }
}
