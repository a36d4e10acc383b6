//! Pax records: `LENGTH KEY=VALUE` and a line end, the length in decimal and counting itself.

use crate::extract::tar::header::decimal;

/// The records, as far as they can be followed.
pub(super) fn records(data: &[u8]) -> Vec<(&[u8], &[u8])> {
    let mut records = Vec::new();
    let mut rest = data;
    while let Some((record, after)) = next(rest) {
        records.push(record);
        rest = after;
    }
    records
}

/// The data of a file with holes, behind the map of them: a count, two numbers for each, a line each, and the rest of the
/// block (GNU tar manual, "Storing Sparse Files").
pub(super) fn behind_the_map(data: &[u8]) -> &[u8] {
    let mut ends = memchr::memchr_iter(b'\n', data);
    let first = ends.next();
    let count = first
        .and_then(|end| decimal(data.get(..end)?))
        .and_then(|count| usize::try_from(count.checked_mul(2)?).ok());
    let last = match count {
        Some(0) => first,
        Some(count) => ends.nth(count - 1),
        None => None,
    };
    last.and_then(|last| data.get((last + 1).next_multiple_of(512)..))
        .unwrap_or(data)
}

/// The first record, and what follows it.
#[expect(clippy::type_complexity, reason = "a key, a value and the rest")]
fn next(data: &[u8]) -> Option<((&[u8], &[u8]), &[u8])> {
    let space = memchr::memchr(b' ', data)?;
    let length = usize::try_from(decimal(data.get(..space)?)?).ok()?;
    let record = data.get(space + 1..length)?.strip_suffix(b"\n")?;
    let equals = memchr::memchr(b'=', record)?;
    let (key, value) = record.split_at_checked(equals)?;
    Some(((key, value.get(1..)?), data.get(length..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_cut_by_their_lengths() {
        let data = b"12 path=a=b\n17 comment=x\ny=z\n99 size=1\n";
        assert_eq!(
            records(data),
            [
                (&b"path"[..], &b"a=b"[..]),
                (&b"comment"[..], &b"x\ny=z"[..]),
            ]
        );
    }
}
