//! A share of what was counted, and how far it may be from the truth.

/// `part` of `of`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Share {
    part: u32,
    of: u32,
}

impl Share {
    /// A share; `None` of nothing, and where the part is more than the whole.
    pub fn new(part: u32, of: u32) -> Option<Self> {
        (of > 0 && part <= of).then_some(Self { part, of })
    }

    /// The share, 0 to 1.
    pub fn value(self) -> f64 {
        f64::from(self.part) / f64::from(self.of)
    }

    /// The interval that holds the true share with 95 % confidence, as Wilson gives it (E. B. Wilson, "Probable inference,
    /// the law of succession, and statistical inference", 1927). It holds near 0 and 1 and for few samples, where the usual
    /// one does not.
    pub fn interval(self) -> (f64, f64) {
        let n = f64::from(self.of);
        let share = self.value();
        let square = Z * Z;
        let middle = share + square / (2.0 * n);
        let spread = Z * (share * (1.0 - share) / n + square / (4.0 * n * n)).sqrt();
        let whole = 1.0 + square / n;
        (
            ((middle - spread) / whole).max(0.0),
            ((middle + spread) / whole).min(1.0),
        )
    }
}

/// The quantile of the normal distribution that leaves 2.5 % on each side.
const Z: f64 = 1.959_963_984_540_054;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_those_of_the_tables() {
        for (part, of, low, high) in [
            (0, 10, 0.0, 0.2775),
            (10, 10, 0.7225, 1.0),
            (81, 263, 0.2553, 0.3662),
            (1, 2, 0.0945, 0.9055),
        ] {
            let (found_low, found_high) = Share::new(part, of).unwrap().interval();
            assert!((found_low - low).abs() < 5e-5, "{part}/{of}: {found_low}");
            assert!(
                (found_high - high).abs() < 5e-5,
                "{part}/{of}: {found_high}"
            );
        }
    }

    #[test]
    fn nothing_has_no_share() {
        assert_eq!(Share::new(0, 0), None);
        assert_eq!(Share::new(2, 1), None);
    }
}
