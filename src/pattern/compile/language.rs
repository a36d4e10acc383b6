//! From what packs say of the language to cues that can be looked for.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::value::{Error, MapDeserializer};

use crate::pattern::Problem;
use crate::pattern::compile::subject::add_all;
use crate::pattern::compile::{Problems, both, is_number_in, near};
use crate::pattern::file::{CueFile, LanguageFile, NamesFile};
use crate::pattern::language::{COMPUTED, Cue, Language, Names, Scale};
use crate::pattern::lexicon::{Builder, LANGUAGE, Sense};

/// The most a cue may weigh. Fixed: 20, more than anything that can stand against it.
pub(super) const MOST_WEIGHT: f32 = 20.0;
/// The most cues. Fixed: 500; beyond it the packs are refused.
const MOST_CUES: usize = 500;

pub(super) fn language(
    file: &LanguageFile,
    builder: &mut Builder,
    problems: &mut Problems<'_>,
) -> Language {
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
    if let Some(one_more) = file.cue.get(MOST_CUES) {
        problems.add(
            Problem::LIMIT,
            one_more.id.span(),
            format!("there are more than {MOST_CUES} cues"),
            "put phrases that tell the same into one cue",
        );
    }
    let mut cues = Vec::new();
    for cue in &file.cue {
        let index = u16::try_from(cues.len()).unwrap_or(u16::MAX);
        add_all(LANGUAGE, &cue.phrases, Sense::Cue(index), builder, problems);
        cues.extend(believed(cue, file, problems));
    }
    Language {
        cues,
        names: names(&file.names),
        scale: scale(file, problems),
    }
}

fn believed(cue: &CueFile, file: &LanguageFile, problems: &mut Problems<'_>) -> Option<Cue> {
    let (Some(name), Some(tells), Some(reach), Some(weight)) =
        (&cue.name, cue.tells, cue.reach, &cue.weight)
    else {
        let known = file.cue.iter().map(|it| it.id.get_ref().as_str());
        let remedy = match near(cue.id.get_ref(), known) {
            Some(near) => Cow::Owned(format!("did you mean `{near}`?")),
            None => "give a new cue `name`, `tells`, `reach` and `weight`; one that another pack has is named by its `id`".into(),
        };
        problems.add(
            Problem::VALUE,
            cue.id.span(),
            format!("no pack says all of what the cue `{}` is", cue.id.get_ref()),
            remedy,
        );
        return None;
    };
    if !is_number_in(weight, 0.0..=MOST_WEIGHT) {
        problems.add(
            Problem::VALUE,
            weight.span(),
            format!("{} is no weight", weight.get_ref()),
            "give a weight from 0 to 20; what it speaks for is said by `tells`",
        );
    }
    Some(Cue {
        id: cue.id.get_ref().as_str().into(),
        name: both(name),
        tells,
        reach,
        weight: *weight.get_ref(),
    })
}

fn names(file: &NamesFile) -> Names {
    let mut names = Names::default();
    let split = |lines: &[String]| -> Vec<String> {
        let names = lines.iter().flat_map(|line| line.split_whitespace());
        names.map(str::to_owned).collect()
    };
    names.add_first(split(&file.first).iter().map(String::as_str));
    names.add_words(split(&file.words).iter().map(String::as_str));
    names.add_last(split(&file.last).iter().map(String::as_str));
    names
}

/// What everything weighs. Each key is tried alone, so that a wrong one is told where it stands.
fn scale(file: &LanguageFile, problems: &mut Problems<'_>) -> Scale {
    let mut good = Vec::new();
    for (key, value) in &file.scale {
        let pair = (key.as_str(), *value.get_ref());
        let alone = MapDeserializer::<_, Error>::new(std::iter::once(pair));
        let wrong = match Scale::deserialize(alone) {
            Err(error) => error.to_string(),
            Ok(_) if !is_number_in(value, 0.0..=MOST_WEIGHT) => {
                format!("{} is no weight", value.get_ref())
            }
            Ok(_) => {
                good.push(pair);
                continue;
            }
        };
        problems.add(
            Problem::VALUE,
            value.span(),
            wrong,
            "give a weight or a share from 0 to 20; the shipped `dk/language.toml` has all of them",
        );
    }
    let all = MapDeserializer::<_, Error>::new(good.into_iter());
    Scale::deserialize(all).unwrap_or_default()
}
