//! The loader a program names, which the system executes in its place.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// The octets of a program that are looked at: headers stand at its start.
const HEAD: u64 = 64 << 10;

/// The path in the PT_INTERP segment of a 64-bit ELF file; `None` where it has none, or is no such file.
pub(super) fn loader(program: &Path) -> Option<PathBuf> {
    let mut head = Vec::new();
    let file = File::open(program).ok()?;
    file.take(HEAD).read_to_end(&mut head).ok()?;
    let path = interpreter(&head)?;
    Some(PathBuf::from(OsStr::from_bytes(path)))
}

/// System V ABI, chapters 4 and 5: the table of program headers, and the one of type PT_INTERP.
fn interpreter(head: &[u8]) -> Option<&[u8]> {
    const PT_INTERP: usize = 3;
    if !head.starts_with(b"\x7FELF\x02\x01") {
        return None;
    }
    let number = |at: usize, octets: usize| {
        let field = head.get(at..at.checked_add(octets)?)?;
        let fold = |sum: usize, octet: &u8| sum << 8 | usize::from(*octet);
        Some(field.iter().rev().fold(0, fold))
    };
    let (table, entry, count) = (number(32, 8)?, number(54, 2)?, number(56, 2)?);
    for index in 0..count {
        let header = table.checked_add(index * entry)?;
        if number(header, 4)? == PT_INTERP {
            let (offset, len) = (number(header + 8, 8)?, number(header + 32, 8)?);
            let path = head.get(offset..offset.checked_add(len)?)?;
            return path.split(|octet| *octet == 0).next();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_names_its_loader() {
        let ours = loader(&std::env::current_exe().unwrap()).unwrap();
        assert!(ours.is_file() && ours.to_str().unwrap().contains("ld-"));
        assert_eq!(loader("/etc/passwd".as_ref()), None);
        assert_eq!(interpreter(b"\x7FELF\x02\x01"), None);
    }
}
