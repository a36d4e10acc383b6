//! From what packs say of the language to cues that can be looked for. Several packs may add to one language.

use crate::pattern::Problem;
use crate::pattern::compile::subject::add_all;
use crate::pattern::compile::{Problems, both};
use crate::pattern::file::LanguageFile;
use crate::pattern::language::{COMPUTED, Cue, Language};
use crate::pattern::lexicon::{Builder, LANGUAGE, Sense};

/// The most a cue may weigh. Fixed: 20, more than anything that can stand against it.
const MOST_WEIGHT: f32 = 20.0;

pub(super) fn add(
    file: LanguageFile,
    language: &mut Language,
    builder: &mut Builder,
    problems: &mut Problems,
) {
    if let Some(scale) = file.scale {
        language.scale = scale;
    }
    language.names.add_first(
        file.names
            .first
            .iter()
            .flat_map(|line| line.split_whitespace()),
    );
    language.names.add_words(
        file.names
            .words
            .iter()
            .flat_map(|line| line.split_whitespace()),
    );
    language.names.add_last(
        file.names
            .last
            .iter()
            .flat_map(|line| line.split_whitespace()),
    );
    for (name, phrases) in &file.classes {
        if COMPUTED.contains(&name.as_str()) {
            let span = phrases.first().map_or(0..0, toml::Spanned::span);
            problems.add(
                Problem::CONTRADICTION,
                span,
                format!("the program itself sees what belongs to `{name}`"),
                "give the class another name",
            );
            continue;
        }
        let class = builder.class(LANGUAGE, name);
        add_all(LANGUAGE, phrases, Sense::Class(class), builder, problems);
    }
    for cue in file.cue {
        if !(0.0..=MOST_WEIGHT).contains(cue.weight.get_ref()) {
            problems.add(
                Problem::VALUE,
                cue.weight.span(),
                format!("{} is no weight", cue.weight.get_ref()),
                "give a weight from 0 to 20; what it speaks for is said by `tells`",
            );
        }
        let index = u16::try_from(language.cues.len()).unwrap_or(u16::MAX);
        add_all(LANGUAGE, &cue.phrases, Sense::Cue(index), builder, problems);
        language.cues.push(Cue {
            id: cue.id.into_inner().into(),
            name: both(&cue.name),
            tells: cue.tells,
            reach: cue.reach,
            weight: cue.weight.into_inner(),
        });
    }
}
