//! Many short lists, kept one behind another.
//!
//! Packs have tens of thousands of lists of one thing or two. Kept each for itself they take ten times what is in them: a pointer, a
//! length, and what the allocator keeps beside every piece.

/// Lists by their number. They take no more than what is in them, and four octets each.
#[derive(Clone, Debug)]
pub(super) struct Lists<T> {
    items: Vec<T>,
    /// Of each list, where the next begins.
    ends: Vec<u32>,
}

impl<T> Lists<T> {
    /// So many lists, of things that are told with the number of theirs. Those of one list keep their order.
    pub(super) fn by_number(mut all: Vec<(usize, T)>, count: usize) -> Self {
        all.sort_by_key(|(number, _)| *number);
        let mut all = all.into_iter().peekable();
        let mut lists = Self::default();
        for number in 0..count {
            let own = std::iter::from_fn(|| all.next_if(|(of, _)| *of == number));
            lists.push(own.map(|(_, item)| item));
        }
        lists
    }

    /// Adds a list behind the others.
    pub(super) fn push(&mut self, list: impl IntoIterator<Item = T>) {
        self.items.extend(list);
        // Packs are bounded far below (`pattern::compile`).
        let end = u32::try_from(self.items.len()).unwrap_or(u32::MAX);
        self.ends.push(end);
    }

    /// The list of that number; nothing where there is none.
    pub(super) fn get(&self, number: usize) -> &[T] {
        let end = |number: usize| self.ends.get(number).map(|end| super::index(*end));
        let begin = number.checked_sub(1).map_or(Some(0), end);
        let range = begin.zip(end(number)).map(|(begin, end)| begin..end);
        range
            .and_then(|range| self.items.get(range))
            .unwrap_or_default()
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// All lists, in their order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[T]> {
        (0..self.len()).map(|number| self.get(number))
    }
}

impl<T> Default for Lists<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            ends: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_told_by_their_number() {
        let lists = Lists::by_number(vec![(2, 3), (0, 1), (0, 2)], 3);
        assert_eq!(lists.get(0), [1, 2]);
        assert_eq!(lists.get(1), [0; 0]);
        assert_eq!(lists.get(2), [3]);
        assert_eq!(lists.get(3), [0; 0]);
        assert_eq!(lists.iter().map(<[u8]>::len).collect::<Vec<_>>(), [2, 0, 1]);
    }
}
