//! `[ocr]`: who reads pictures, and what that may use.

use std::path::PathBuf;

use crate::config::limits::{number, octets, time};
use crate::config::section::{Section, Written};
use crate::config::source::Source;
use crate::config::typed::path;
use crate::config::value::Wrong;
use crate::inspect::OcrSettings;
use crate::limits::PictureLimits;

/// What was typed.
#[derive(Debug)]
pub(super) struct TypedOcr {
    /// `None`: nobody.
    pub(super) settings: Option<OcrSettings>,
    /// The program, where one was named.
    pub(super) program: Option<Written<PathBuf>>,
}

/// Reads the table.
pub(super) fn read(mut section: Section<'_>) -> TypedOcr {
    let default = OcrSettings::default();
    let limits = PictureLimits::default();
    let source = section.report().source();
    let program = section.text("program", |text| named(source, text));
    let is_off = program.as_ref().is_some_and(|named| named.value.is_none());
    let program = program.and_then(|named| {
        Some(Written {
            value: named.value?,
            span: named.span,
        })
    });
    let settings = OcrSettings {
        program: program
            .as_ref()
            .map_or(default.program, |named| named.value.clone()),
        languages: section
            .text("languages", languages)
            .map_or(default.languages, |written| written.value),
        workers: number(&mut section, "workers", default.workers),
        waiting: number(&mut section, "waiting", default.waiting),
        time: time(&mut section, "time", default.time),
        picture_time: time(&mut section, "picture_time", default.picture_time),
        memory: octets(&mut section, "memory", default.memory),
        limits: PictureLimits {
            count: number(&mut section, "pictures", limits.count),
            pixels: number(&mut section, "pixels", limits.pixels),
            octets: octets(&mut section, "octets", limits.octets),
        },
    };
    section.finish();
    TypedOcr {
        settings: (!is_off).then_some(settings),
        program,
    }
}

/// A program; an empty name is none.
fn named(source: &Source, text: &str) -> Result<Option<PathBuf>, Wrong> {
    if text.is_empty() {
        return Ok(None);
    }
    path(source, text).map(Some)
}

/// Languages as Tesseract writes them: `dan+eng`.
fn languages(text: &str) -> Result<Vec<Box<str>>, Wrong> {
    let is_name = |name: &str| {
        let known = |octet: u8| octet.is_ascii_alphanumeric() || octet == b'_';
        !name.is_empty() && name.len() <= 40 && name.bytes().all(known)
    };
    if text.split('+').all(is_name) {
        Ok(text.split('+').map(Box::from).collect())
    } else {
        Err(Wrong::new(
            "names no languages",
            "write them as `tesseract --list-langs` does, with a plus between two: `dan+eng`",
        ))
    }
}
