//! Packs as somebody names them on the command line: files, or folders of them, beside what is shipped.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::anyhow;

use crate::cli::sorted;
use crate::clock;
use crate::config::{Drawing, Severity, Source};
use crate::pattern::{FingerprintKey, PackSource, Packs, Problem};

/// The packs that are in use, by the names of their files.
pub(super) struct InUse {
    pub(super) packs: Packs,
    pub(super) files: Vec<String>,
}

/// The shipped packs and those that are named, compiled.
///
/// They are named in layers. A file named as one of a layer below it takes its place: it is a copy of it that is being
/// worked on, and no double.
pub(super) fn in_use(layers: &[&[PathBuf]], key: FingerprintKey) -> anyhow::Result<InUse> {
    let (sources, unread) = sources(layers);
    let wrong =
        |problems: Vec<String>| anyhow!("packs that are no use\n\n{}", problems.join("\n\n"));
    if !unread.is_empty() {
        return Err(wrong(unread));
    }
    let packs = Packs::compile(&typed(&sources), key).map_err(|it| wrong(drawn(&it, &sources)))?;
    Ok(InUse {
        packs: packs.in_year(clock::year()),
        files: sources
            .iter()
            .map(|source| source.path().display().to_string())
            .collect(),
    })
}

/// The shipped packs and those of `layers`, as they are typed; and what cannot be read, as it is told.
pub(super) fn sources(layers: &[&[PathBuf]]) -> (Vec<Arc<Source>>, Vec<String>) {
    let shipped = PackSource::shipped();
    let mut sources: Vec<_> = shipped
        .iter()
        .map(|pack| Source::new(Path::new(&*pack.file), &pack.text))
        .collect();
    let mut problems = Vec::new();
    for layer in layers {
        let mut read = Vec::new();
        for path in *layer {
            let files = match packs_in(path) {
                Ok(files) => files,
                Err(problem) => {
                    problems.push(format!("{problem:#}"));
                    continue;
                }
            };
            for file in files {
                match Source::read(&file) {
                    Ok(source) => read.push(source),
                    Err(problem) => problems.push(problem.to_string()),
                }
            }
        }
        sources.retain(|below| {
            let name = below.path().file_name();
            !read.iter().any(|above| above.path().file_name() == name)
        });
        sources.extend(read);
    }
    (sources, problems)
}

/// A file, or every `.toml` file that lies in a folder, in the order of their names.
fn packs_in(path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = sorted(path)?;
    files.retain(|file| file.extension().is_some_and(|it| it == "toml") && file.is_file());
    if files.is_empty() {
        return Err(anyhow!("{}: no pack (`.toml`) lies in it", path.display()));
    }
    Ok(files)
}

/// The packs, to be compiled.
pub(super) fn typed(sources: &[Arc<Source>]) -> Vec<PackSource> {
    sources
        .iter()
        .map(|source| PackSource {
            file: source.path().to_string_lossy().into(),
            text: source.text().to_owned().into(),
        })
        .collect()
}

/// What is wrong with packs, each problem drawn with the lines it is about.
pub(super) fn drawn(wrong: &[Problem], sources: &[Arc<Source>]) -> Vec<String> {
    let drawings = wrong.iter().filter_map(|wrong| {
        let named = |source: &&Arc<Source>| source.path() == Path::new(&*wrong.file);
        let drawing = Drawing {
            severity: Severity::Error,
            code: wrong.code,
            source: sources.iter().find(named)?,
            span: Some(wrong.span.clone()),
            message: &wrong.message,
            label: "",
            remedy: wrong.remedy,
        };
        Some(drawing.to_string())
    });
    drawings.collect()
}
