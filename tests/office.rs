//! Cases of `extract` for office documents and PDF: every place where text can stand, and what cannot be read.
//!
//! Every document is written here by hand, with a number of its own planted in each place.

mod bad;
mod binary_workbook;
mod built;
mod built_compound;
mod metafile;
mod mutated;
mod old_documents;
mod open_document;
mod outlook;
mod pdf;
mod pdf_broken;
mod pdf_built;
mod places;
mod presentation;
mod spreadsheet;
mod text;

use sluse::extract::{Budget, Extract, Place, Reading, Reason, open};
use sluse::limits::{Cancel, ReadLimits};
use sluse::mail::FileName;
use sluse::mime::PartPath;

/// Reads a file within the given limits.
fn read_within(bytes: &[u8], limits: &ReadLimits) -> Extract {
    let mut budget = Budget::new(limits, Cancel::default());
    let mut extract = Extract::default();
    let name = Some(FileName::new("fil"));
    let mut reading = Reading::new(
        &mut budget,
        &mut extract,
        PartPath::root(),
        name,
        Place::Attachment,
    );
    open(bytes, &mut reading);
    extract
}

/// Reads a file within the default limits.
fn read(bytes: &[u8]) -> Extract {
    read_within(bytes, &ReadLimits::default())
}

/// All text of a file.
fn all_text(extract: &Extract) -> String {
    extract
        .texts
        .iter()
        .map(|text| text.text.as_str())
        .collect::<Vec<_>>()
        .join("\n")
}

/// The reasons and details of all gaps.
fn gaps(extract: &Extract) -> Vec<(Reason, &str)> {
    extract
        .gaps
        .iter()
        .map(|gap| (gap.reason, &*gap.detail))
        .collect()
}

/// The text that stood where a person would look for `origin`.
fn text_at(extract: &Extract, number: &str) -> String {
    extract
        .texts
        .iter()
        .find_map(|text| Some(text.origin(text.text.find(number)?).to_string()))
        .unwrap_or_default()
}
