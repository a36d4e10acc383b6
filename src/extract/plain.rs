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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_become_one() {
        let mut draft = Draft::new();
        write("a\r\nb\rc\nd\r\r\n0\x001", &mut draft);
        assert_eq!(draft.text, "a\nb\nc\nd\n\n01");
    }
}
