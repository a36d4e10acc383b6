//! The suspicious reader and what it rests on: lines, runs, transfer encodings, encoded words, charsets.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sluse::mime::{
    self, Bounds, PartPath, Suspect, Transfer, decode, other_texts, runs, suspects, words,
};
use sluse_fuzz::timely;

fuzz_target!(|bytes: &[u8]| {
    timely(|| {
        let mut count = 0;
        for suspect in suspects(bytes) {
            count += 1;
            look_at(bytes, &suspect);
        }
        let lines = 1 + bytes
            .iter()
            .filter(|octet| matches!(octet, b'\r' | b'\n'))
            .count();
        assert!(count <= lines, "{count} suspects of {lines} lines");
        for transfer in [
            Transfer::Base64,
            Transfer::QuotedPrintable,
            Transfer::Uuencode,
            Transfer::Yenc,
        ] {
            let undone = transfer.undo(bytes).bytes;
            assert!(undone.len() <= bytes.len() + 3, "{transfer:?} grows");
        }
        // Three octets for one that is of no charset, and told both ways, twice.
        let shown = words(bytes);
        assert!(
            shown.len() <= 24 * bytes.len() + 24,
            "{} octets of words",
            shown.len()
        );
        opened(bytes);
    });
});

/// Checks that what a suspect holds is of the message.
fn look_at(bytes: &[u8], suspect: &Suspect<'_>) {
    match suspect {
        Suspect::Base64(block) => {
            for run in runs(block.lines) {
                assert!(block.lines.get(run).is_some(), "a run outside of its lines");
            }
            within(bytes, block.lines);
        }
        Suspect::QuotedPrintable(lines) | Suspect::Words(lines) => within(bytes, lines),
        Suspect::File(file) => {
            let _ = file.transfer.undo(file.raw);
            within(file.raw, file.name);
            within(bytes, file.raw);
        }
        Suspect::BinHex => {}
        Suspect::Part(hidden) => {
            within(hidden.raw, hidden.rest);
            assert!(hidden.transfers.len() <= 4, "an encoding twice");
            within(bytes, hidden.raw);
        }
    }
}

/// Checks that `stretch` stands in `whole`.
fn within(whole: &[u8], stretch: &[u8]) {
    let (whole, stretch) = (whole.as_ptr_range(), stretch.as_ptr_range());
    let inside = whole.start <= stretch.start && stretch.end <= whole.end;
    assert!(inside || stretch.is_empty(), "octets of something else");
}

/// The message opened: each part is of it, within the bounds.
fn opened(bytes: &[u8]) {
    let bounds = Bounds {
        depth: 10,
        parts: 50,
        fields: 50,
    };
    let message = mime::open(bytes, &PartPath::root(), &bounds);
    // Before, behind and between the lines of its header, text that is none of it.
    assert!(
        message.parts.len() <= 50 * (1 + 2 + 16),
        "{} parts",
        message.parts.len()
    );
    assert!(
        message.fields.len() <= 50,
        "{} fields",
        message.fields.len()
    );
    for part in &message.parts {
        within(bytes, part.raw);
        assert!(!part.transfers.is_empty(), "a part without an encoding");
        let label = part.charset.as_deref();
        for transfer in &part.transfers {
            let undone = transfer.undo(part.raw).bytes;
            let text = decode(&undone, label).text;
            assert!(text.len() <= 4 * undone.len() + 4, "{label:?} grows");
            for text in other_texts(&undone, label) {
                assert!(text.len() <= 4 * undone.len() + 4, "a charset grows");
            }
        }
    }
}
