//! Short words met of late: nearly every word of a text is one of few hundred, and these are known by their letters at a glance.

use crate::detect::subject::forms::FormId;

/// The form of each word that was met last of those that share a place. Whoever makes words share one makes them be looked for in the
/// table of all, and no more.
pub(super) struct Recent(Box<[Option<(Key, FormId)>]>);

/// A word of up to 16 octets: its first and its last ones, which may overlap, and how many there are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Key {
    first: u64,
    last: u64,
    length: u8,
}

/// How many bits the number of a place has: 1,024 places, 24 KB.
const BITS: u32 = 10;

impl Default for Recent {
    fn default() -> Self {
        Self(vec![None; 1 << BITS].into())
    }
}

impl Recent {
    /// The form of a word, if it is known here.
    pub(super) fn find(&self, key: Key) -> Option<FormId> {
        let (known, form) = (*self.0.get(key.place())?)?;
        (known == key).then_some(form)
    }

    /// Keeps a form in place of what had its place.
    pub(super) fn put(&mut self, key: Key, form: FormId) {
        if let Some(place) = self.0.get_mut(key.place()) {
            *place = Some((key, form));
        }
    }
}

impl Key {
    /// The key of a word, if it is so short.
    pub(super) fn of(written: &str) -> Option<Self> {
        let octets = written.as_bytes();
        let (first, last) = match octets.len() {
            1 => (octets.first().copied()?.into(), 0),
            2 | 3 => (
                u16::from_le_bytes(*octets.first_chunk()?).into(),
                u16::from_le_bytes(*octets.last_chunk()?).into(),
            ),
            4..8 => (
                u32::from_le_bytes(*octets.first_chunk()?).into(),
                u32::from_le_bytes(*octets.last_chunk()?).into(),
            ),
            8..=16 => (
                u64::from_le_bytes(*octets.first_chunk()?),
                u64::from_le_bytes(*octets.last_chunk()?),
            ),
            _ => return None,
        };
        Some(Self {
            first,
            last,
            length: u8::try_from(octets.len()).ok()?,
        })
    }

    fn place(self) -> usize {
        /// Odd, and near the golden ratio: the high bits of a product depend on all of the other number.
        const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
        let mixed = self.first ^ self.last.rotate_left(29) ^ u64::from(self.length) << 59;
        usize::try_from(mixed.wrapping_mul(FACTOR) >> (64 - BITS)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All words of up to 17 letters of two kinds, and some more: each has a key of its own, or none.
    #[test]
    fn no_two_words_share_a_key() {
        let mut keys = Vec::new();
        for length in 0..=17 {
            for letters in 0_u32..1 << length.min(12) {
                let word: String = (0..length)
                    .map(|at| {
                        if letters >> (at % 12) & 1 == 0 {
                            'a'
                        } else {
                            'b'
                        }
                    })
                    .collect();
                match Key::of(&word) {
                    Some(key) => keys.push((key.first, key.last, key.length)),
                    None => assert!(word.is_empty() || length == 17, "{word}"),
                }
            }
        }
        let all = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), all);
    }

    #[test]
    fn what_shares_a_place_takes_it() {
        let mut recent = Recent::default();
        let words: Vec<String> = (0..3000).map(|number| format!("ord{number}")).collect();
        for (id, word) in (0..).zip(&words) {
            recent.put(Key::of(word).unwrap(), FormId(id));
        }
        let known = words.iter().zip(0..).filter(|(word, id)| {
            let found = recent.find(Key::of(word).unwrap());
            assert!(found.is_none_or(|form| form == FormId(*id)), "{word}");
            found.is_some()
        });
        let known = known.count();
        assert!((600..=1024).contains(&known), "{known}");
    }
}
