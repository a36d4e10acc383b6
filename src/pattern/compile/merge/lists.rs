//! Lists of phrases or words, to which packs add and of which they take away.

use std::collections::HashMap;

use crate::pattern::Problem;
use crate::pattern::compile::{Problems, near};
use crate::pattern::file::Entry;

/// In which lists each entry stands.
#[derive(Default)]
pub(super) struct Known(HashMap<String, Vec<String>>);

/// Whether an entry may stand in both lists. What a phrase says of those who are greeted is apart from what it says in a sentence;
/// only what means something else does so in either.
pub(in crate::pattern::compile) fn may_share(one: &str, another: &str) -> bool {
    let is_told = |list| matches!(list, "says" | "suggests" | "hints");
    one == "greets" && is_told(another) || another == "greets" && is_told(one)
}

impl Known {
    /// Notes what stands in a list.
    pub(super) fn note(&mut self, name: &str, list: &[Entry]) {
        for entry in list {
            self.insert(entry, name);
        }
    }

    fn insert(&mut self, entry: &Entry, name: &str) {
        let lists = self.0.entry(entry.get_ref().clone()).or_default();
        lists.push(name.to_owned());
    }

    /// Adds to a list what stands in none beside which it must not stand.
    pub(super) fn add(
        &mut self,
        name: &str,
        list: &mut Vec<Entry>,
        entries: &[Entry],
        problems: &mut Problems<'_>,
    ) {
        for entry in entries {
            let written = entry.get_ref();
            let known = self.0.get(written).into_iter().flatten();
            match known.into_iter().find(|known| !may_share(known, name)) {
                Some(known) if known == name => problems.warn(
                    Problem::NOTHING,
                    entry.span(),
                    format!("`{written}` already stands in `{name}`"),
                    "remove it here",
                ),
                Some(known) => problems.add(
                    Problem::CONTRADICTION,
                    entry.span(),
                    format!("`{written}` already stands in `{known}`"),
                    "name it in `remove` too, and it is moved; or remove it here",
                ),
                None => {
                    self.insert(entry, name);
                    list.push(entry.clone());
                }
            }
        }
    }
}

/// Adds to a list what does not stand in it yet.
pub(super) fn add_new(
    name: &str,
    list: &mut Vec<Entry>,
    entries: &[Entry],
    problems: &mut Problems<'_>,
) {
    let mut known = Known::default();
    known.note(name, list);
    known.add(name, list, entries, problems);
}

/// Takes entries away from whichever of the lists they stand in.
pub(super) fn remove(
    mut lists: Vec<&mut Vec<Entry>>,
    entries: &[Entry],
    of: &str,
    problems: &mut Problems<'_>,
) {
    for entry in entries {
        let mut taken = false;
        for list in &mut lists {
            let before = list.len();
            list.retain(|known| known != entry);
            taken |= list.len() < before;
        }
        if taken {
            continue;
        }
        let known = lists
            .iter()
            .flat_map(|list| list.iter().map(|it| it.get_ref().as_str()));
        let remedy = match near(entry.get_ref(), known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!(
                "write it as the pack has it; `sluse patterns show {of}` tells all that can be removed"
            ),
        };
        problems.warn(
            Problem::NOTHING,
            entry.span(),
            format!(
                "`{}` does not stand in `{of}`, so nothing is removed",
                entry.get_ref()
            ),
            remedy,
        );
    }
}
