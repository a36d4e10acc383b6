//! XML inside a PDF: metadata (XMP) and forms (XFA).

use crate::extract::office::{Flow, Node, Whitespace, characters, each_node, is_xml};
use crate::limits::Cancel;

/// The text of an XML stream, a line for each value. Identifiers of the file itself are left out.
pub(super) fn text(bytes: &[u8], cancel: &Cancel) -> String {
    if !is_xml(bytes) {
        return String::new();
    }
    let mut flow = Flow::new(Whitespace::Marked);
    // What is damaged is read as far as it goes: the pages are what counts, and they say whether the file is.
    let _ = each_node(&characters(bytes), cancel, |node| {
        flow.node(&node);
        if let Node::Open(tag) = &node
            && tag.name() == "Description"
        {
            for (_, value) in tag.attributes() {
                flow.tell(&value);
            }
        }
        Ok(())
    });
    let mut kept = String::new();
    for line in flow.take().lines().filter(|line| !is_identifier(line)) {
        kept.push_str(line);
        kept.push('\n');
    }
    kept
}

fn is_identifier(line: &str) -> bool {
    [
        "uuid:",
        "xmp.did:",
        "xmp.iid:",
        "adobe:docid:",
        "http://",
        "https://www.w3.org/",
    ]
    .iter()
    .any(|start| line.starts_with(start))
}
