//! What an inspector says on its standard error: the fixed sentences of the runtime, and where a panic was.
//!
//! Nothing of it is passed on as it is, for an inspector has seen messages.

use tokio::io::AsyncReadExt;
use tokio::process::ChildStderr;

use crate::mail::Masked;

/// Why the runtime ended an inspector.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Complaint {
    /// There was no memory for something.
    Memory,
    /// The stack was too small.
    Stack,
}

/// The longest line that is looked at, 1 KiB; of a longer one only the end is.
const LONGEST_LINE: usize = 1 << 10;

/// The most panics of one inspector that are logged. It may say more than it has met.
const MOST_PANICS: usize = 20;

/// Listens until the end, so that an inspector never waits for us, and tells the last complaint.
pub(super) async fn listen(stderr: Option<ChildStderr>) -> Option<Complaint> {
    let mut stderr = stderr?;
    let mut last = None;
    let mut panics = 0;
    let mut line = Vec::new();
    let mut octets = [0; 256];
    while let Ok(read @ 1..) = stderr.read(&mut octets).await {
        for octet in octets.iter().take(read) {
            match octet {
                b'\n' => {
                    match heard(&line) {
                        Some(Heard::Panic(at)) if panics < MOST_PANICS => {
                            panics += 1;
                            tracing::error!(%at, "internal error in an inspector");
                        }
                        Some(Heard::Complaint(complaint)) => last = Some(complaint),
                        Some(Heard::Panic(_)) | None => {}
                    }
                    line.clear();
                }
                octet => {
                    if line.len() == LONGEST_LINE {
                        line.clear();
                    }
                    line.push(*octet);
                }
            }
        }
    }
    last
}

#[derive(PartialEq, Eq, Debug)]
enum Heard {
    Complaint(Complaint),
    /// Where it was.
    Panic(Masked),
}

fn heard(line: &[u8]) -> Option<Heard> {
    let line = std::str::from_utf8(line).ok()?;
    if let Some(at) = line.strip_prefix("sluse: internal error at ") {
        let at = if is_place(at) { at } else { "an unknown place" };
        return Some(Heard::Panic(Masked::new(at)));
    }
    if line.starts_with("memory allocation of ") {
        return Some(Heard::Complaint(Complaint::Memory));
    }
    line.ends_with("has overflowed its stack")
        .then_some(Heard::Complaint(Complaint::Stack))
}

/// The longest place of a panic that is logged, in octets. Fixed: 120.
const LONGEST_PLACE: usize = 120;

/// Whether it is a place in a program, `src/x.rs:1:2`, and nothing that could have been read in a message.
fn is_place(at: &str) -> bool {
    let is_number = |it: &str| !it.is_empty() && it.bytes().all(|octet| octet.is_ascii_digit());
    let is_path = |it: &str| {
        it.bytes()
            .all(|octet| octet.is_ascii_alphanumeric() || b"_./-".contains(&octet))
    };
    let mut fields = at.rsplitn(3, ':');
    let (Some(column), Some(line), Some(path)) = (fields.next(), fields.next(), fields.next())
    else {
        return false;
    };
    at.len() <= LONGEST_PLACE
        && is_number(column)
        && is_number(line)
        && path.ends_with(".rs")
        && is_path(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentences_of_the_runtime_are_known() {
        let panic = "src/x.rs:1:2";
        for (line, said) in [
            (
                "memory allocation of 1073741824 bytes failed",
                Some(Heard::Complaint(Complaint::Memory)),
            ),
            (
                "thread 'reader' (7) has overflowed its stack",
                Some(Heard::Complaint(Complaint::Stack)),
            ),
            (
                "sluse: internal error at src/x.rs:1:2",
                Some(Heard::Panic(Masked::new(panic))),
            ),
            (
                "sluse: internal error at Karen Holm er syg.rs:1:2",
                Some(Heard::Panic(Masked::new("an unknown place"))),
            ),
            (
                "sluse: internal error at src/x.rs:Karen:2",
                Some(Heard::Panic(Masked::new("an unknown place"))),
            ),
            ("140562-1234", None),
        ] {
            assert_eq!(heard(line.as_bytes()), said);
        }
    }
}
