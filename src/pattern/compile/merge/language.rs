//! What a pack adds to the language, and takes away from it. The first pack that names a class or a cue describes it.

use crate::pattern::Problem;
use crate::pattern::compile::Problems;
use crate::pattern::compile::merge::lists::{add_new, remove};
use crate::pattern::file::{CueFile, Entry, LanguageFile};

pub(super) fn merge(language: &mut LanguageFile, added: LanguageFile, problems: &mut Problems<'_>) {
    let mut lists: Vec<&mut Vec<Entry>> = language.classes.values_mut().collect();
    lists.extend(language.cue.iter_mut().map(|cue| &mut cue.phrases));
    remove(lists, &added.remove, "language", problems);
    language.scale.extend(added.scale);
    for (name, phrases) in &added.classes {
        let class = language.classes.entry(name.clone()).or_default();
        add_new(name, class, phrases, problems);
    }
    for mut cue in added.cue {
        if let Some(known) = language.cue.iter_mut().find(|known| known.id == cue.id) {
            change(known, cue, problems);
            continue;
        }
        let phrases = std::mem::take(&mut cue.phrases);
        add_new(cue.id.get_ref(), &mut cue.phrases, &phrases, problems);
        language.cue.push(cue);
    }
    language.names.first.extend(added.names.first);
    language.names.words.extend(added.names.words);
    language.names.last.extend(added.names.last);
}

fn change(known: &mut CueFile, cue: CueFile, problems: &mut Problems<'_>) {
    let told = cue.name.is_some() || cue.tells.is_some() || cue.reach.is_some();
    let weighs = cue.weight.is_some() && cue.weight != known.weight;
    if !told && !weighs && cue.phrases.is_empty() {
        problems.warn(
            Problem::NOTHING,
            cue.id.span(),
            format!("nothing of the cue `{}` is changed here", cue.id.get_ref()),
            "add `phrases`, give another `weight`, or remove this",
        );
    }
    add_new(cue.id.get_ref(), &mut known.phrases, &cue.phrases, problems);
    known.name = cue.name.or_else(|| known.name.take());
    known.tells = cue.tells.or(known.tells);
    known.reach = cue.reach.or(known.reach);
    known.weight = cue.weight.or_else(|| known.weight.take());
}
