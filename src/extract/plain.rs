//! Plain text.

use memchr::memchr2;

use crate::extract::Draft;

/// Writes `text` with its line ends as LF, and without NULs, which most programs show as nothing.
pub(super) fn write(text: &str, into: &mut Draft) {
    let mut rest = text;
    while let Some((before, after)) =
        memchr2(b'\r', 0, rest.as_bytes()).and_then(|at| rest.split_at_checked(at))
    {
        into.push(before);
        // A CR alone ends a line too.
        if after.starts_with('\r') && !after.starts_with("\r\n") {
            into.push("\n");
        }
        rest = after.get(1..).unwrap_or_default();
    }
    into.push(rest);
}

/// `text` with every CR dropped that neither ends a line nor stands at the end of one, as some programs drop it; `None` where there
/// is none, or where CR is what ends its lines.
pub(super) fn without_stray_returns(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let is_stray = |at: usize| {
        let next = bytes.get(at + 1);
        next.is_some_and(|next| !matches!(next, b'\r' | b'\n'))
    };
    let first = memchr::memchr_iter(b'\r', bytes).find(|&at| is_stray(at))?;
    memchr::memchr(b'\n', bytes)?;
    let mut joined = String::with_capacity(bytes.len());
    joined.push_str(text.get(..first)?);
    let mut rest = text.get(first..)?;
    while let Some((before, after)) = rest.split_once('\r') {
        joined.push_str(before);
        if after.is_empty() || after.starts_with(['\r', '\n']) {
            joined.push('\r');
        }
        rest = after;
    }
    joined.push_str(rest);
    Some(joined)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stray_returns_are_dropped() {
        for (text, expected) in [
            ("12\r03\r\n04\r", Some("1203\r\n04\r")),
            ("a\r\nb\r\n", None),
            ("a\rb\rc", None),
            ("a\r\r\nb\n", None),
            ("søn\rx\n", Some("sønx\n")),
        ] {
            assert_eq!(without_stray_returns(text).as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn line_ends_become_one() {
        let mut draft = Draft::new();
        write("a\r\nb\rc\nd\r\r\n0\x001", &mut draft);
        assert_eq!(draft.text, "a\nb\nc\nd\n\n01");
    }
}
