//! Containers written around pieces: their octets are right, so that what is inside is reached.

#[path = "../../tests/office/built_compound.rs"]
mod built_compound;

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::pieces::Piece;
use built_compound::Storage;

/// A ZIP file with the pieces as its entries. One whose name is there already is left out.
pub fn zip(pieces: &[Piece<'_>]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for piece in pieces {
        if archive.start_file(piece.name.as_str(), options).is_ok() {
            let _ = archive.write_all(piece.bytes);
        }
    }
    archive.finish().map(Cursor::into_inner).unwrap_or_default()
}

/// A compound file with the pieces as its streams; the names before a `/` are those of storages.
pub fn compound(pieces: &[Piece<'_>]) -> Vec<u8> {
    let paths = pieces
        .iter()
        .map(|piece| (piece.name.as_str(), piece.bytes));
    storage(&paths.collect::<Vec<_>>(), 0).file()
}

fn storage(paths: &[(&str, &[u8])], depth: u32) -> Storage {
    let mut all = Storage::new();
    let mut rest = paths;
    while let Some(((path, bytes), after)) = rest.split_first() {
        let Some((folder, _)) = path.split_once('/').filter(|_| depth < 20) else {
            all = all.stream(&short(path), bytes);
            rest = after;
            continue;
        };
        // Those one behind the other that stand in one storage.
        let inside = |path: &str| path.split_once('/').is_some_and(|(it, _)| it == folder);
        let count = rest.iter().take_while(|(path, _)| inside(path)).count();
        let (these, others) = rest.split_at(count);
        let inner = these
            .iter()
            .map(|(path, bytes)| (&path[folder.len() + 1..], *bytes));
        all = all.storage(
            &short(folder),
            storage(&inner.collect::<Vec<_>>(), depth + 1),
        );
        rest = others;
    }
    all
}

/// A name of an entry has room for 31 letters. A tilde stands for the control characters some begin with.
fn short(name: &str) -> String {
    let name = name.replace("~1", "\u{1}").replace("~5", "\u{5}");
    name.chars()
        .filter(|c| u32::from(*c) < 0x10000)
        .take(31)
        .collect()
}

/// A PDF file with the pieces as its objects, numbered from 1, which is its catalogue. One whose name begins with `s` is a stream,
/// with the rest of the name in its dictionary.
pub fn pdf(pieces: &[Piece<'_>]) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut table = String::new();
    for (at, piece) in pieces.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.extend(format!("{} 0 obj\n", at + 1).bytes());
        match piece.name.strip_prefix('s') {
            Some(dictionary) => {
                let length = piece.bytes.len();
                file.extend(format!("<< {dictionary} /Length {length} >>\nstream\n").bytes());
                file.extend(piece.bytes);
                file.extend(b"\nendstream");
            }
            None => file.extend(piece.bytes),
        }
        file.extend(b"\nendobj\n");
    }
    let start = file.len();
    let size = pieces.len() + 1;
    file.extend(format!("xref\n0 {size}\n0000000000 65535 f \n{table}").bytes());
    file.extend(
        format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").bytes(),
    );
    file
}
