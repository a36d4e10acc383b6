//! Command lines, out of octets as they arrive.

use std::borrow::Cow;
use std::mem;

/// The line that is being received.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// What has arrived of it; of one that is too long, only the last octet.
    begun: Vec<u8>,
    too_long: bool,
}

/// Why there is no line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum LineError {
    /// It was longer than the limit. It was read to its end.
    TooLong,
    /// It has an LF that no CR precedes. Nobody can tell where it ends, nor what the octets behind are.
    BareLf,
}

impl Lines {
    /// Takes the next line from `input`, without its line ending; `None` when it has not ended yet. `limit`
    /// counts the line ending.
    pub(super) fn next<'a>(
        &mut self,
        input: &mut &'a [u8],
        limit: usize,
    ) -> Option<Result<Cow<'a, [u8]>, LineError>> {
        let Some(end) = memchr::memchr(b'\n', input) else {
            self.begin(mem::take(input), limit);
            return None;
        };
        let (line, after) = input.split_at_checked(end + 1)?;
        *input = after;
        let begun = mem::take(&mut self.begun);
        let too_long = mem::take(&mut self.too_long) || begun.len() + line.len() > limit;
        let line = if begun.is_empty() {
            Cow::Borrowed(line)
        } else {
            Cow::Owned([&begun, line].concat())
        };
        Some(match (without_ending(line), too_long) {
            (None, _) => Err(LineError::BareLf),
            (Some(_), true) => Err(LineError::TooLong),
            (Some(line), false) => Ok(line),
        })
    }

    fn begin(&mut self, octets: &[u8], limit: usize) {
        self.too_long |= self.begun.len() + octets.len() > limit;
        if self.too_long {
            let last = octets.last().or_else(|| self.begun.last()).copied();
            self.begun.clear();
            self.begun.extend(last);
        } else {
            self.begun.extend_from_slice(octets);
        }
    }
}

fn without_ending(line: Cow<'_, [u8]>) -> Option<Cow<'_, [u8]>> {
    match line {
        Cow::Borrowed(line) => line.strip_suffix(b"\r\n").map(Cow::Borrowed),
        Cow::Owned(mut line) => line.ends_with(b"\r\n").then(|| {
            line.truncate(line.len() - 2);
            Cow::Owned(line)
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines(wire: &[u8], step: usize) -> Vec<Result<Vec<u8>, LineError>> {
        let mut lines = Lines::default();
        let mut found = Vec::new();
        for mut input in wire.chunks(step) {
            while let Some(line) = lines.next(&mut input, 10) {
                found.push(line.map(Cow::into_owned));
            }
        }
        found
    }

    #[test]
    fn lines_end_with_crlf_and_are_as_long_as_the_limit() {
        let found = lines(b"12345678\r\n123456789\r\na\rb\r\nab\nc\r\n\r\n", 5);
        assert_eq!(
            found,
            [
                Ok(b"12345678".to_vec()),
                Err(LineError::TooLong),
                Ok(b"a\rb".to_vec()),
                Err(LineError::BareLf),
                Ok(b"c".to_vec()),
                Ok(Vec::new()),
            ]
        );
    }

    proptest! {
        #[test]
        fn how_octets_arrive_changes_nothing(
            wire in prop::collection::vec(prop::sample::select(b"\r\nabc".to_vec()), 0..80),
            step in 1_usize..20,
        ) {
            prop_assert_eq!(lines(&wire, step), lines(&wire, 80));
        }
    }
}
