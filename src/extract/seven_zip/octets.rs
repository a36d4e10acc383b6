//! The octets of a header, read from its start.

use crate::extract::Flaw;

/// What is left of a header. All that is missing in it is damage.
#[derive(Clone, Copy)]
pub(super) struct Octets<'h>(pub(super) &'h [u8]);

impl<'h> Octets<'h> {
    pub(super) fn byte(&mut self) -> Result<u8, Flaw> {
        let (first, rest) = self.0.split_first().ok_or(Flaw::Damaged)?;
        self.0 = rest;
        Ok(*first)
    }

    pub(super) fn take(&mut self, count: usize) -> Result<&'h [u8], Flaw> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(Flaw::Damaged)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn u32(&mut self) -> Result<u32, Flaw> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(Flaw::Damaged)?;
        self.0 = rest;
        Ok(u32::from_le_bytes(*taken))
    }

    /// A number of one to nine octets: as many more as the first has leading ones, whose other bits are its highest.
    pub(super) fn number(&mut self) -> Result<u64, Flaw> {
        let first = self.byte()?;
        let more = first.leading_ones().min(8);
        let mut value = 0;
        for at in 0..more {
            value |= u64::from(self.byte()?) << (8 * at);
        }
        let highest = match more {
            0..7 => u64::from(first & (0x7F >> more)) << (8 * more),
            _ => 0,
        };
        Ok(value | highest)
    }

    /// A number of things to come, each of which takes an octet at least.
    pub(super) fn count(&mut self) -> Result<usize, Flaw> {
        usize::try_from(self.number()?)
            .ok()
            .filter(|count| *count <= self.0.len())
            .ok_or(Flaw::Damaged)
    }

    /// Which of `count` things a property is of, a bit each.
    pub(super) fn bits(&mut self, count: usize) -> Result<Vec<bool>, Flaw> {
        let octets = self.take(count.div_ceil(8))?;
        let bits = octets
            .iter()
            .flat_map(|octet| (0..8).rev().map(move |bit| octet >> bit & 1 != 0));
        Ok(bits.take(count).collect())
    }

    /// [`Octets::bits`], behind an octet that may say they are all set.
    pub(super) fn all_or_bits(&mut self, count: usize) -> Result<Vec<bool>, Flaw> {
        match self.byte()? {
            0 => self.bits(count),
            _ => Ok(vec![true; count]),
        }
    }

    /// The sums of those of `count` things that have one.
    pub(super) fn sums(&mut self, count: usize) -> Result<Vec<Option<u32>>, Flaw> {
        let known = self.all_or_bits(count)?;
        known
            .into_iter()
            .map(|is_known| is_known.then(|| self.u32()).transpose())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_long_as_their_first_octet_says() {
        for (octets, value) in [
            (&[0x7F][..], 0x7F),
            (&[0x80, 0x80][..], 0x80),
            (&[0xC1, 2, 3][..], 0x0001_0302),
            (&[0xFE, 1, 2, 3, 4, 5, 6, 7][..], 0x0007_0605_0403_0201),
            (&[0xFF, 1, 2, 3, 4, 5, 6, 7, 8][..], 0x0807_0605_0403_0201),
        ] {
            let mut rest = Octets(octets);
            assert_eq!(rest.number(), Ok(value));
            assert!(rest.0.is_empty());
        }
        assert_eq!(Octets(&[0xFF, 1]).number(), Err(Flaw::Damaged));
    }
}
