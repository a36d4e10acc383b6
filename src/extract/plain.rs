//! Plain text.

use memchr::memchr;

use crate::extract::Draft;

/// Writes `text` with its line ends as LF.
pub(super) fn write(text: &str, into: &mut Draft) {
    let mut rest = text;
    while let Some((line, after)) =
        memchr(b'\r', rest.as_bytes()).and_then(|at| rest.split_at_checked(at))
    {
        into.push(line);
        let after = after.strip_prefix('\r').unwrap_or(after);
        // A CR alone ends a line too.
        if !after.starts_with('\n') {
            into.push("\n");
        }
        rest = after;
    }
    into.push(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_become_one() {
        let mut draft = Draft::new();
        write("a\r\nb\rc\nd\r\r\n", &mut draft);
        assert_eq!(draft.text, "a\nb\nc\nd\n\n");
    }
}
