//! `format=flowed` (RFC 3676): lines that end in a space go on in the next.

use crate::mime::Flowed;

/// `text` with its soft line ends undone, its line ends LF.
///
/// Lines are joined only at the same depth of quoting, and a signature line (`-- `) is never joined.
pub fn unflow(text: &str, flowed: Flowed) -> String {
    let mut joined = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for line in text.split_terminator('\n') {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let unquoted = line.trim_start_matches('>');
        let quotes = line.len() - unquoted.len();
        let words = unquoted.strip_prefix(' ').unwrap_or(unquoted);
        let is_signature = words == "-- ";
        if open != Some(quotes) || is_signature {
            if open.is_some() {
                joined.push('\n');
            }
            joined.extend(std::iter::repeat_n('>', quotes));
            if quotes > 0 {
                joined.push(' ');
            }
        }
        let is_soft = words.ends_with(' ') && !is_signature;
        joined.push_str(match words.strip_suffix(' ') {
            Some(shorter) if is_soft && flowed.delete_space => shorter,
            _ => words,
        });
        open = is_soft.then_some(quotes);
        if !is_soft {
            joined.push('\n');
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn soft_line_ends_are_undone() {
        for (text, delete_space, expected) in [
            ("a \r\nb\r\nc", false, "a b\nc\n"),
            ("030446- \r\n1802\r\n", true, "030446-1802\n"),
            ("> a \r\n> b\r\n>> c \r\nd", false, "> a b\n>> c \nd\n"),
            ("a \r\n-- \r\nname", false, "a \n-- \nname\n"),
            (" From x\r\n", false, "From x\n"),
        ] {
            assert_eq!(unflow(text, Flowed { delete_space }), expected, "{text:?}");
        }
    }
}
