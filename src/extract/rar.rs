//! A RAR archive of any version, unpacked in one pass: what comes later may look back on what came before.

mod blocks;
mod pass;

use rars::{Archive, ArchiveReadOptions, ArchiveReader, Error, ErrorKind};

use crate::extract::unpack::{Words, behind};
use crate::extract::{Draft, Exhausted, Flaw, Locus, Reading, sweep};
use crate::mime;
use pass::Pass;

/// Reads an archive. The names of entries are read even where their data is encrypted.
pub(super) fn read(bytes: &[u8], reading: &mut Reading<'_>) {
    if let Err(exhausted) = reading.budget.time() {
        reading.exhausted(exhausted);
        return;
    }
    let options = options(reading);
    // A library that is young: what it panics on is a gap.
    reading.guarded(
        |reading| match ArchiveReader::read_with_options(bytes, options) {
            Ok(archive) => {
                all(&archive, options, reading);
                match end(&archive) {
                    Some(end) => behind(bytes.get(end..).unwrap_or_default(), reading),
                    None if says_its_end(&archive) => WORDS.gap(Flaw::Damaged, reading),
                    None => {}
                }
            }
            Err(error) => match flaw(&error) {
                Flaw::Encrypted => {
                    reading.gap(Flaw::Encrypted.reason(), "rar: encrypted, with its names");
                }
                flaw => {
                    WORDS.gap(flaw, reading);
                    broken(bytes, options, reading);
                }
            },
        },
    );
}

/// Reads what an archive holds.
fn all(archive: &Archive, options: ArchiveReadOptions<'_>, reading: &mut Reading<'_>) {
    comment(archive, options, reading);
    Pass::run(archive, options, reading);
}

/// Reads an archive that breaks off: the blocks that are whole as an archive, the rest by eye, for its headers are not packed.
fn broken(bytes: &[u8], options: ArchiveReadOptions<'_>, reading: &mut Reading<'_>) {
    let (whole, rest) = bytes
        .split_at_checked(blocks::whole(bytes))
        .unwrap_or((b"", bytes));
    match ArchiveReader::read_with_options(whole, options) {
        Ok(archive) => {
            all(&archive, options, reading);
            sweep::read(rest, "rar", reading);
        }
        Err(_) => sweep::read(bytes, "rar", reading),
    }
}

/// The limits of the library: what is left of ours, and the memory it may use.
fn options(reading: &Reading<'_>) -> ArchiveReadOptions<'static> {
    ArchiveReadOptions::new()
        .with_max_header_count(reading.budget.entries_left() as u64)
        .with_max_reader_workspace_bytes(MOST_MEMORY)
        .with_rar50_dictionary_size_limit(MOST_DICTIONARY)
        .with_rar50_buffered_decode_limit(MOST_BUFFERED)
}

/// The comment of an archive, which programs show when they open it.
fn comment(archive: &Archive, options: ArchiveReadOptions<'_>, reading: &mut Reading<'_>) {
    let options = options.with_max_member_output_bytes(MOST_COMMENT);
    match archive.comment_with_options(options) {
        Ok(Some(comment)) => {
            let mut draft = Draft::new();
            draft.mark(Locus::Section("comment"));
            draft.push(name(&comment).trim_end_matches('\0'));
            reading.text(draft);
        }
        Ok(None) => {}
        Err(error) => WORDS.gap(flaw(&error), reading),
    }
}

/// Where the archive says that it ends.
fn end(archive: &Archive) -> Option<usize> {
    match archive {
        Archive::Rar15To40(archive) => archive.blocks.iter().find_map(|block| match block {
            rars::rar15_40::Block::End(end) => end
                .offset
                .checked_add(usize::from(end.head_size))?
                .checked_add(usize::try_from(end.add_size.unwrap_or(0)).ok()?),
            _ => None,
        }),
        Archive::Rar50Plus(archive) => archive.blocks.iter().find_map(|block| match block {
            rars::rar50::Block::End(end) => {
                let header = archive.sfx_offset.checked_add(end.block.header_range.end)?;
                Some(header.max(end.block.data_range.end))
            }
            _ => None,
        }),
        _ => None,
    }
}

/// Whether the program that packed the archive writes an end: those before RAR 3 do not.
fn says_its_end(archive: &Archive) -> bool {
    match archive {
        Archive::Rar15To40(archive) => {
            let mut files = archive.files().peekable();
            files.peek().is_none() || files.any(|file| file.unp_ver >= 29)
        }
        Archive::Rar50Plus(_) => true,
        _ => false,
    }
}

/// A name, or a comment: UTF-8 where it is that, else what it looks like.
fn name(octets: &[u8]) -> String {
    match str::from_utf8(octets) {
        Ok(name) => name.to_owned(),
        Err(_) => mime::decode(octets, None).text.into_owned(),
    }
}

/// What an error of the library means. Decryption is not built in, so what asks for it is encrypted.
fn flaw(error: &Error) -> Flaw {
    match (error.kind(), error.root_cause()) {
        (ErrorKind::PasswordRequired | ErrorKind::BadPassword, _)
        | (_, Error::FeatureDisabled { .. } | Error::UnsupportedEncryption { .. }) => {
            Flaw::Encrypted
        }
        (ErrorKind::Cancelled, _) => Flaw::Exhausted(Exhausted::Time),
        (_, Error::HeaderCountLimitExceeded { .. }) => Flaw::Exhausted(Exhausted::Limit("entries")),
        (ErrorKind::ResourceLimit, _) => Flaw::Exhausted(Exhausted::Limit("entry")),
        (ErrorKind::UnsupportedFeature | ErrorKind::UnsupportedFormat, _) => Flaw::Unsupported,
        _ => Flaw::Damaged,
    }
}

/// Whether octets begin an archive.
pub(super) fn starts(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC) && matches!(bytes.get(6..8), Some([0, _] | [1, 0]))
}

/// How an archive of version 1.5 or later begins.
pub(super) const MAGIC: &[u8] = b"Rar!\x1A\x07";

const WORDS: Words = Words {
    encrypted: "rar: encrypted entry",
    damaged: "rar: damaged",
    unsupported: "rar: unknown packing",
};

/// The most memory the library may use beside what comes out: 192 MiB. Beyond it, a `limit` gap.
const MOST_MEMORY: u64 = 192 << 20;

/// The largest dictionary: 64 MiB, twice what WinRAR takes where nobody tells it otherwise.
const MOST_DICTIONARY: u64 = 64 << 20;

/// The largest entry that is unpacked before any of it is handed over: 16 MiB.
const MOST_BUFFERED: u64 = 16 << 20;

/// The longest comment: 1 MiB. WinRAR takes 256 KiB.
const MOST_COMMENT: u64 = 1 << 20;
