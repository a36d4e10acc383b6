//! What this machine must give: folders that can be written.

use std::path::Path;
use std::sync::Arc;

use rustix::fs::Access;

use crate::config::Purpose;
use crate::config::problem::{Code, Problem};
use crate::config::secrets;
use crate::config::typed::Typed;
use crate::inspect::OcrSettings;

/// Looks at the files and folders that are named.
///
/// A folder may be right on another machine or for another user, so for [`Purpose::Check`] it is a warning.
pub(super) fn check(typed: &Typed, purpose: Purpose, problems: &mut Vec<Problem>) {
    let mut folder = |path: &Path, span: &std::ops::Range<usize>, what: &str, then: &str| {
        let Some(wrong) = unwritable(path) else {
            return;
        };
        let problem = Problem::at(
            Code::Folder,
            Arc::clone(&typed.source),
            span.clone(),
            format!("the folder {} {wrong}: {what}", path.display()),
            "",
            then,
        );
        problems.push(match purpose {
            Purpose::Check => problem.warning(),
            Purpose::Serve => problem,
        });
    };
    folder(
        &typed.spool.folder,
        &typed.spool_span,
        "large messages could not be read",
        "create it, or name another as `folder` in `[spool]`; the user Sluse runs as must be able to write to it",
    );
    let incident = &typed.incident;
    let files = [
        Some(&incident.database),
        Some(&incident.key),
        incident.journal.as_ref(),
    ];
    let mut folders: Vec<&Path> = files
        .into_iter()
        .flatten()
        .filter_map(|file| file.parent())
        .collect();
    folders.dedup();
    for path in folders {
        folder(
            path,
            &typed.incident_span,
            "no incident could be recorded, so no message that makes one could leave",
            "create it, or name another file in `[incident]`; the user Sluse runs as must be able to write to it",
        );
    }
    if let Some(journal) = &typed.journal
        && let Some(path) = journal.value.file.parent()
    {
        folder(
            path,
            &journal.span,
            "the retry journal could not be kept",
            "create it, or name another `file` in `[journal]`; the user Sluse runs as must be able to write to it",
        );
    }
    if let Some(program) = &typed.ocr.program
        && program.value != OcrSettings::default().program
        && !program.value.is_file()
    {
        let problem = Problem::at(
            Code::Program,
            Arc::clone(&typed.source),
            program.span.clone(),
            format!(
                "{} is not there: pictures would not be read",
                program.value.display()
            ),
            "the program that reads pictures",
            "install Tesseract (Debian: apt install tesseract-ocr tesseract-ocr-dan) and name it here, or write \"\" for none",
        );
        problems.push(match purpose {
            Purpose::Check => problem.warning(),
            Purpose::Serve => problem,
        });
    }
    secrets::check(typed, purpose, problems);
}

/// Why nothing can be written in this folder, or `None` where it can.
fn unwritable(folder: &Path) -> Option<String> {
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    match std::fs::metadata(folder) {
        Err(error) => Some(format!("cannot be used ({error})")),
        Ok(found) if !found.is_dir() => Some("is a file".to_owned()),
        Ok(_) => rustix::fs::access(folder, Access::WRITE_OK | Access::EXEC_OK)
            .err()
            .map(|error| format!("cannot be written ({error})")),
    }
}
