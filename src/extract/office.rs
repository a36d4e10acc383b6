//! Office documents: OOXML (docx, xlsx, pptx and their macro and template forms) and ODF (odt, ods, odp).
//!
//! Every part of the archive is read, whatever its name and whether anything refers to it, and by what its
//! elements mean, not by where a program shows them: so headers, comments, tracked deletions, hidden sheets, notes,
//! properties and whatever stands in a corner nobody thought of come out by the same few rules.

mod attached;
pub(in crate::extract) mod binary;
mod flow;
mod format;
mod frame;
mod grid;
mod odf;
mod ooxml;
mod package;
mod part;
mod pieces;
mod pivot;
mod relationships;
mod shared;
mod sheet;
mod styles;
mod tables;
mod told;
mod types;
mod vocabulary;
mod xml;

pub(in crate::extract) use flow::{Flow, Whitespace};
pub(in crate::extract) use xml::{Node, characters, each_node, is_xml};

use crate::extract::office::package::Package;
use crate::extract::{Container, Reading};

/// Reads a container that is an office document. What cannot be read of it becomes gaps.
pub(in crate::extract) fn read(container: Container<'_>, reading: &mut Reading<'_>) {
    let mut package = Package::new(container, reading);
    if package.find("[Content_Types].xml").is_some() {
        ooxml::read(&mut package, reading);
    } else {
        odf::read(&mut package, reading);
    }
}
