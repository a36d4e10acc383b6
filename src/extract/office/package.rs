//! The parts of an office document, by names as its own references write them.

use std::collections::HashMap;

use crate::extract::{Container, Flaw, Reading, Reason};

/// An opened office document.
pub(super) struct Package<'a> {
    container: Container<'a>,
    names: Vec<String>,
    numbers: HashMap<String, usize>,
}

impl<'a> Package<'a> {
    /// Its parts; where the archive may tell two stories, a gap says so.
    pub(super) fn new(container: Container<'a>, reading: &mut Reading<'_>) -> Self {
        if container.hides_entries() {
            reading.gap(Reason::Damaged, "office: hidden parts");
        }
        let names: Vec<String> = container
            .names()
            .iter()
            .map(|name| name.replace('\\', "/").trim_start_matches('/').to_owned())
            .collect();
        let numbers = names
            .iter()
            .enumerate()
            .map(|(number, name)| (name.to_ascii_lowercase(), number))
            .collect();
        Self {
            container,
            names,
            numbers,
        }
    }

    /// The names of all parts, folders included, by number.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// The name of a part.
    pub(super) fn name(&self, number: usize) -> &str {
        self.names.get(number).map_or("", String::as_str)
    }

    /// The number of the part of that name, whatever its case (ECMA-376 part 2, 6.2.2.3).
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.numbers.get(&name.to_ascii_lowercase()).copied()
    }

    /// The octets of a part, as far as they could be read; what is missing is noted. Of a part that is over the
    /// budget there are none: its beginning alone could fill memory again as text.
    pub(super) fn part(&mut self, number: usize, reading: &mut Reading<'_>) -> Vec<u8> {
        let unpacked = self.container.read(number, reading.budget);
        match unpacked.flaw {
            None => unpacked.bytes,
            Some(flaw) => {
                reading.gap(flaw.reason(), flaw.detail());
                match flaw {
                    Flaw::Exhausted(_) => Vec::new(),
                    _ => unpacked.bytes,
                }
            }
        }
    }
}
