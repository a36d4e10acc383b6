//! Tesseract, looked for and tried at the start: it must run within its walls.

use std::path::Path;

use tokio::time::Instant;

use crate::inspect::ocr::page::{self, Ran};
use crate::inspect::ocr::{Absent, Found, Settings, Turns};

/// The data by which Tesseract tells which way up a page is.
const TURNS: &str = "osd";

/// Looks for Tesseract, and asks it what it can do. `program` is this program, which is started to confine it.
///
/// # Errors
///
/// When nobody reads pictures here, in words for the administrator.
pub async fn find(settings: &Settings, program: &Path) -> Result<Found, Absent> {
    if !settings.program.is_file() {
        return Err(Absent::Program(settings.program.clone()));
    }
    let useless = |why: String| Absent::Useless {
        program: settings.program.clone(),
        why,
    };
    let ask = async |argument: &str| {
        let end = Instant::now() + settings.picture_time;
        let arguments = [argument.to_owned()];
        let ran = page::run(settings, program, &arguments, None, end).await;
        ran.map_err(|error| useless(error.to_string()))
    };
    let listed = ask("--list-langs").await?;
    let Ran {
        said,
        walls: Some(walls),
        unseen: None,
        ..
    } = listed
    else {
        return Err(useless(listed.complaint()));
    };
    let known: Vec<&str> = said.lines().skip(1).map(str::trim).collect();
    if known.is_empty() {
        return Err(useless("it knows no languages".to_owned()));
    }
    let has = |language: &str| known.contains(&language);
    let wanted = settings.languages.iter().cloned();
    let (languages, missing): (Vec<Box<str>>, Vec<Box<str>>) = wanted.partition(|it| has(it));
    if languages.is_empty() {
        return Err(Absent::Languages {
            program: settings.program.clone(),
            wanted: missing,
        });
    }
    let told = ask("--version").await?.said;
    let version = told.lines().next().unwrap_or_default().trim().to_owned();
    Ok(Found {
        version,
        languages,
        missing,
        turns: if has(TURNS) { Turns::Read } else { Turns::Lost },
        walls,
    })
}
