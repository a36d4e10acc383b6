//! What this machine must give: folders that can be written, certificates that can be read.

use std::path::Path;
use std::sync::Arc;

use rustix::fs::Access;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::config::Purpose;
use crate::config::problem::{Code, Problem};
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
    for route in typed.routes.all() {
        let Some(file) = &route.tls_authorities else {
            continue;
        };
        if let Some(wrong) = no_certificates(&file.value) {
            problems.push(Problem::at(
                Code::Certificates,
                Arc::clone(&typed.source),
                file.span.clone(),
                format!("{} {wrong}", file.value.display()),
                "authorities to trust",
                "name a PEM file with the certificate of the authority that signed the certificate of the next hop",
            ));
        }
    }
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

/// Why this file holds no certificate, or `None` where it does.
fn no_certificates(file: &Path) -> Option<String> {
    let certificates = match CertificateDer::pem_file_iter(file) {
        Err(error) => return Some(format!("cannot be read: {error}")),
        Ok(certificates) => certificates,
    };
    let mut found = 0;
    for certificate in certificates {
        if let Err(error) = certificate {
            return Some(format!("is not a PEM file: {error}"));
        }
        found += 1;
    }
    (found == 0).then(|| "holds no certificate".to_owned())
}
