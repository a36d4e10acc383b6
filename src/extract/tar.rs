//! A tar archive: ustar, pax (POSIX.1-2017, `pax`), and what GNU tar makes of it.
//!
//! Entries lie in it as they are, so nothing is copied. Where its headers break off, the next one that adds up is looked for: a
//! program that does the same would show what follows.

mod header;
mod pax;

use crate::extract::archive::folder;
use crate::extract::unpack::{Words, behind};
use crate::extract::{Draft, Exhausted, Flaw, Reading, Reason, open, sweep};
use header::{Header, Kind};

pub(super) use header::is_tar;

/// Reads an archive.
pub(super) fn read(bytes: &[u8], reading: &mut Reading<'_>) {
    let mut blocks = Blocks { rest: bytes };
    let mut known = Known::default();
    loop {
        let ended = blocks.skip_empty();
        if blocks.rest.is_empty() {
            return;
        }
        let Some(header) = Header::parse(blocks.rest) else {
            let found = match ended {
                _ if blocks.rest.len() == bytes.len() => Found::Start,
                true => Found::Behind,
                false => Found::Within,
            };
            if !resumes(&mut blocks, found, reading) {
                return;
            }
            continue;
        };
        if let Err(exhausted) = reading.budget.entry() {
            reading.exhausted(exhausted);
            return;
        }
        blocks.skip(1);
        let mut is_sparse = false;
        if header.kind == Kind::Sparse {
            is_sparse = true;
            blocks.skip_sparse_map(header.more_of_the_map);
        }
        let size = match header.kind {
            // A record that holds for the next entry does not hold for what stands between.
            Kind::Long(_) | Kind::Pax | Kind::Global => header.size,
            _ => known.size.unwrap_or(header.size),
        };
        let data = blocks.take(size);
        let is_whole = data.len() as u64 == size;
        match header.kind {
            Kind::Long(field) => known.long(field, data),
            Kind::Pax => {
                let comment = known.records(data);
                texts(&comment, reading);
            }
            Kind::Global => {
                let comment = Known::default().records(data);
                texts(&comment, reading);
            }
            _ => {
                let known = std::mem::take(&mut known);
                is_sparse |= known.is_sparse;
                if known
                    .size
                    .is_some_and(|size| header.size != 0 && header.size != size)
                {
                    reading.gap(Reason::Damaged, "tar: an entry of two sizes");
                }
                let data = if known.has_map {
                    pax::behind_the_map(data)
                } else {
                    data
                };
                let name = known.name.unwrap_or(header.name);
                let link = known.link.unwrap_or(header.link);
                entry(&name, &link, data, is_whole, is_sparse, reading);
            }
        }
        if reading.budget.time().is_err() || reading.budget.entry_room() == 0 {
            // What is spent was told where it was met.
            return;
        }
    }
}

/// Reads an entry: its name, where it links to, and its data.
fn entry(
    name: &str,
    link: &str,
    data: &[u8],
    is_whole: bool,
    is_sparse: bool,
    reading: &mut Reading<'_>,
) {
    if data.is_empty() && name.ends_with('/') {
        folder(name, reading);
        return;
    }
    let room = usize::try_from(reading.budget.entry_room()).unwrap_or(usize::MAX);
    let within = data.get(..room).unwrap_or(data);
    let spent = reading.budget.decoded(within.len() as u64);
    reading.inner(Some(name), |reading| {
        texts(link, reading);
        reading.guarded(|reading| open(within, reading));
        if within.len() < data.len() {
            reading.exhausted(Exhausted::Limit(match spent {
                Ok(()) if reading.budget.entry_room() > 0 => "entry",
                _ => "decoded",
            }));
        } else if let Err(exhausted) = spent {
            reading.exhausted(exhausted);
        }
        if !is_whole {
            WORDS.gap(Flaw::Damaged, reading);
        }
        if is_sparse {
            reading.gap(Reason::Unsupported, "tar: a file with holes");
        }
    });
}

/// Hands over words that stand beside the data.
fn texts(words: &str, reading: &mut Reading<'_>) {
    let mut draft = Draft::new();
    draft.push(words);
    reading.text(draft);
}

/// Where something was found that is no header.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    /// It is the first of the file.
    Start,
    /// Behind an entry.
    Within,
    /// Behind the end.
    Behind,
}

/// Looks for the next header that adds up. What is passed over is read as a file: behind the end of the archive it is one.
/// `false` where there is no such header.
fn resumes(blocks: &mut Blocks<'_>, found: Found, reading: &mut Reading<'_>) -> bool {
    let all = blocks.rest;
    while !blocks.rest.is_empty() {
        blocks.skip(1);
        if Header::parse(blocks.rest).is_some() {
            break;
        }
    }
    let is_end = blocks.rest.is_empty();
    let passed = all.len() - blocks.rest.len();
    let mut passed = all.get(..passed).unwrap_or_default();
    let is_header = found == Found::Start || is_tar(all);
    if is_header || found == Found::Within {
        WORDS.gap(Flaw::Damaged, reading);
    }
    if is_header {
        // A header that says what it is, and does not add up.
        let (header, data) = passed.split_at_checked(BLOCK).unwrap_or((passed, b""));
        sweep::read(header, "tar header", reading);
        passed = data;
    }
    behind(passed, reading);
    !is_end
}

/// What was said of the next entry before its header.
#[derive(Default)]
struct Known {
    name: Option<String>,
    link: Option<String>,
    size: Option<u64>,
    is_sparse: bool,
    /// Whether a map of holes stands before the data.
    has_map: bool,
}

impl Known {
    /// Takes a name that is too long for a header.
    fn long(&mut self, field: header::Long, data: &[u8]) {
        let text = Some(header::text(data));
        match field {
            header::Long::Name => self.name = text,
            header::Long::Link => self.link = text,
        }
    }

    /// Takes pax records, and hands back the words among them that are for people.
    fn records(&mut self, data: &[u8]) -> String {
        let mut comment = String::new();
        for (key, value) in pax::records(data) {
            match key {
                b"path" | b"GNU.sparse.name" => self.name = Some(header::text(value)),
                b"linkpath" => self.link = Some(header::text(value)),
                b"size" => self.size = header::decimal(value),
                b"comment" => {
                    comment.push_str(&header::text(value));
                    comment.push('\n');
                }
                b"GNU.sparse.major" => self.has_map = value == b"1",
                key => self.is_sparse |= key.starts_with(b"GNU.sparse."),
            }
        }
        comment
    }
}

/// What is left of an archive, in blocks of 512 octets.
struct Blocks<'b> {
    rest: &'b [u8],
}

impl<'b> Blocks<'b> {
    fn skip(&mut self, blocks: usize) {
        self.rest = self.rest.get(blocks * BLOCK..).unwrap_or_default();
    }

    /// Passes over blocks of noughts: two are an end, behind which another archive may follow. `true` where there are any.
    fn skip_empty(&mut self) -> bool {
        let empty = self
            .rest
            .chunks(BLOCK)
            .take_while(|block| block.iter().all(|octet| *octet == 0))
            .count();
        self.skip(empty);
        empty > 0
    }

    /// The data of an entry, as far as there is any; it ends with its block.
    fn take(&mut self, size: u64) -> &'b [u8] {
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let data = self.rest.get(..size).unwrap_or(self.rest);
        self.skip(data.len().div_ceil(BLOCK));
        data
    }

    /// Passes over the rest of a map of holes, each block of which tells at its octet 504 whether another follows.
    fn skip_sparse_map(&mut self, mut more: bool) {
        while more {
            more = self.rest.get(504).is_some_and(|flag| *flag != 0);
            self.skip(1);
        }
    }
}

const WORDS: Words = Words {
    encrypted: "tar: encrypted",
    damaged: "tar: damaged",
    unsupported: "tar: unknown entry",
};

/// All of a tar archive is laid out in these.
const BLOCK: usize = 512;
