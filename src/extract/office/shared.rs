//! The strings that cells of a workbook share (ECMA-376 part 1, 18.4).

use crate::extract::office::part;
use crate::extract::office::xml::Node;
use crate::extract::{Reading, Reason};

/// The most strings that cells share. Fixed: 4 Mi, four times what a sheet has rows; what is beyond them is a gap.
const MOST_STRINGS: usize = 4 << 20;
/// What is said where there are more.
pub(super) const TOO_MANY: &str = "workbook: too many strings";

/// The shared strings, in one piece of memory.
#[derive(Debug, Default)]
pub(super) struct Shared {
    text: String,
    ends: Vec<usize>,
    used: Vec<bool>,
    /// How the strings are to be spoken; people of some languages write it beside a name.
    spoken: String,
}

impl Shared {
    /// Reads the part that holds them.
    pub(super) fn read(bytes: &[u8], reading: &mut Reading<'_>) -> Self {
        let mut shared = Self::default();
        let (mut string, mut spoken) = (false, false);
        let mut is_cut = false;
        part::each_node(bytes, reading, |node| {
            match node {
                Node::Open(tag) => match tag.name() {
                    "t" => string = true,
                    "rPh" => spoken = true,
                    _ => {}
                },
                Node::Close(end) => match end.name() {
                    "t" => string = false,
                    "rPh" => {
                        spoken = false;
                        shared.spoken.push('\n');
                    }
                    "si" if shared.is_full() => is_cut = true,
                    "si" => shared.ends.push(shared.text.len()),
                    _ => {}
                },
                Node::Text(text) if string && spoken => shared.spoken.push_str(&text),
                Node::Text(text) if string => shared.text.push_str(&text),
                Node::Text(_) => {}
            }
            Ok(())
        });
        if is_cut {
            reading.gap(Reason::Limit, TOO_MANY);
        }
        // A string that was cut off is still one.
        if shared.ends.last().copied().unwrap_or(0) < shared.text.len() {
            shared.ends.push(shared.text.len());
        }
        shared.used = vec![false; shared.ends.len()];
        shared
    }

    /// Whether there is room for no more: a workbook may name millions of empty ones in a few octets each.
    pub(super) fn is_full(&self) -> bool {
        self.ends.len() >= MOST_STRINGS
    }

    /// Adds the next string.
    pub(super) fn push(&mut self, string: &str) {
        self.text.push_str(string);
        self.ends.push(self.text.len());
        self.used.push(false);
    }

    /// The string of that number.
    pub(super) fn get(&mut self, number: usize) -> Option<&str> {
        *self.used.get_mut(number)? = true;
        self.string(number)
    }

    /// The strings no cell has, and how strings are spoken, a line each.
    pub(super) fn rest(&self) -> String {
        let mut rest = String::new();
        for (number, used) in self.used.iter().enumerate() {
            if !used && let Some(string) = self.string(number) {
                rest.push_str(string);
                rest.push('\n');
            }
        }
        rest.push_str(&self.spoken);
        rest
    }

    fn string(&self, number: usize) -> Option<&str> {
        let end = *self.ends.get(number)?;
        let start = match number.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.text.get(start..end)
    }
}
