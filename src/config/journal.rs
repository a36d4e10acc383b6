//! `[journal]`: the retry journal.

use std::path::PathBuf;

use crate::config::limits;
use crate::config::section::{Section, Written};
use crate::config::typed::path;
use crate::retry::Settings;

/// The journal; without a file there is none.
pub(super) fn read(mut section: Section<'_>) -> Option<Written<Settings>> {
    let source = section.report().source();
    let file = section.text("file", |text| path(source, text));
    let default = Settings::in_file(PathBuf::new());
    let settings = Settings {
        kept: limits::time(&mut section, "kept", default.kept),
        entries: limits::number(&mut section, "entries", default.entries),
        patience: limits::time(&mut section, "patience", default.patience),
        file: default.file,
    };
    section.finish();
    let file = file?;
    Some(Written {
        value: Settings {
            file: file.value,
            ..settings
        },
        span: file.span,
    })
}
