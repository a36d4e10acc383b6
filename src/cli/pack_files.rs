//! Packs as somebody names them on the command line: files, or folders of them, beside those in use.

use std::path::PathBuf;

use anyhow::anyhow;

use crate::clock;
use crate::config::{PackFiles, Patterns};
use crate::pattern::{FingerprintKey, Packs};

/// The packs that are in use, and the names of their files.
pub(super) struct InUse {
    pub(super) packs: Packs,
    pub(super) files: Vec<String>,
}

/// The packs of a configuration and those that are named in layers, compiled. A file named as one of a layer below it takes
/// its place.
pub(super) fn in_use(
    patterns: &Patterns,
    layers: &[&[PathBuf]],
    key: FingerprintKey,
) -> anyhow::Result<InUse> {
    let files = layered(patterns, layers);
    let packs = files.compile(key);
    let packs = packs.map_err(|problems| anyhow!("packs that are no use\n\n{problems}"))?;
    Ok(InUse {
        packs: packs.in_year(clock::year()),
        files: files.files(),
    })
}

/// The same, as they are typed.
pub(super) fn layered(patterns: &Patterns, layers: &[&[PathBuf]]) -> PackFiles {
    let files = PackFiles::in_use(patterns);
    layers.iter().fold(files, |files, layer| files.with(layer))
}
