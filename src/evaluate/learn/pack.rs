//! What was learned, written as a pack.

use std::collections::BTreeMap;
use std::fmt;

use crate::evaluate::learn::{Learned, Weights};

/// Words that weigh less are left out, in tenths. Fixed: 5, for what weighs less moves nothing.
const LEAST: i32 = 5;
/// Where lines end.
const WIDTH: usize = 118;

impl fmt::Display for Learned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "# What words lean to: above zero to passages that tell the subject of somebody, below zero to others. Each stands without\n\
             # its ending and doubled letters, as it is looked up. Learned by `sluse patterns learn`, which writes this file anew; what\n\
             # is to be otherwise goes into a pack of your own, where the same word may have another weight.\n\n\
             format = 1\n",
        )?;
        self.sides.iter().try_for_each(|side| side.write(f))
    }
}

impl Weights {
    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.of {
            Some(id) => writeln!(f, "\n[[leaning]]\nof = \"{id}\"")?,
            None => writeln!(f, "\n# To any subject.\n[[leaning]]")?,
        }
        writeln!(f, "bias = {}\n\n[leaning.words]", Tenths::of(self.bias))?;
        let mut by_weight: BTreeMap<Tenths, Vec<&str>> = BTreeMap::new();
        for (word, weight) in &self.words {
            let weight = Tenths::of(*weight);
            if weight.0.abs() >= LEAST {
                by_weight.entry(weight).or_default().push(word);
            }
        }
        for (weight, words) in by_weight.into_iter().rev() {
            writeln!(f, "\"{weight}\" = \"\"\"")?;
            let mut width = 0;
            for word in words {
                let letters = word.chars().count() + 1;
                if width > 0 && width + letters > WIDTH {
                    f.write_str("\n")?;
                    width = 0;
                }
                let blank = if width > 0 { " " } else { "" };
                write!(f, "{blank}{word}")?;
                width += letters;
            }
            f.write_str("\"\"\"\n")?;
        }
        Ok(())
    }
}

/// A weight as it is written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Tenths(i32);

impl Tenths {
    #[expect(clippy::cast_possible_truncation, reason = "weights are small")]
    fn of(weight: f64) -> Self {
        Self((weight * 10.0).round().clamp(-200.0, 200.0) as i32)
    }
}

impl fmt::Display for Tenths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{}.{}", self.0.abs() / 10, self.0.abs() % 10)
    }
}
