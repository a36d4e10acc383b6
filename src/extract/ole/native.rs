//! An embedded object of a program that knows no compound files: a file with its name, or octets alone (MS-OLEDS
//! 2.3.6). What the Packager writes into it is documented nowhere but seen in all such files.

use crate::extract::octets::{size_at, slice, u16_at, until_nul};
use crate::extract::{Reading, open};
use crate::mime;

/// Reads the object.
pub(in crate::extract) fn read(bytes: &[u8], reading: &mut Reading<'_>) {
    let size = size_at(bytes, 0).unwrap_or(0);
    let native = slice(bytes, 4, size);
    match packaged(native) {
        Some((names, file)) => {
            let name = names.join(" ");
            reading.inner(Some(&name), |reading| open(file, reading));
        }
        None => {
            reading.inner(None, |reading| open(native, reading));
        }
    }
}

/// The names of a packaged file, and its octets.
fn packaged(native: &[u8]) -> Option<(Vec<String>, &[u8])> {
    if u16_at(native, 0)? != 2 {
        return None;
    }
    let (label, at) = string(native, 2)?;
    let (path, at) = string(native, at)?;
    // Four octets of flags, then the path the file had while it was packed, with its length.
    let length = size_at(native, at.checked_add(4)?)?;
    let (_, _) = string(native, at.checked_add(8)?)?;
    let at = at.checked_add(8)?.checked_add(length)?;
    let size = size_at(native, at)?;
    let file = native.get(at.checked_add(4)?..)?;
    let mut names = vec![label];
    let last = path.rsplit(['\\', '/']).next().unwrap_or_default();
    if !names.iter().any(|name| name == last) {
        names.push(last.to_owned());
    }
    Some((names, file.get(..size).unwrap_or(file)))
}

/// The string that ends at the next NUL, and where it ends.
fn string(native: &[u8], at: usize) -> Option<(String, usize)> {
    let octets = until_nul(native.get(at..)?);
    let text = mime::decode(octets, None).text.into_owned();
    Some((text, at.checked_add(octets.len())?.checked_add(1)?))
}
