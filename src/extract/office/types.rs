//! `[Content_Types].xml`: what each part of an OOXML document says it is (ECMA-376 part 2, 7.2.3).

use std::collections::HashMap;

use crate::extract::Reading;
use crate::extract::office::package::Package;
use crate::extract::office::part;
use crate::extract::office::xml::Node;

/// The content types of a package.
#[derive(Debug, Default)]
pub(super) struct Types {
    parts: HashMap<String, String>,
    extensions: HashMap<String, String>,
}

impl Types {
    /// Reads them.
    pub(super) fn read(package: &mut Package<'_>, reading: &mut Reading<'_>) -> Self {
        let mut types = Self::default();
        let Some(number) = package.find("[Content_Types].xml") else {
            return types;
        };
        let bytes = package.part(number, reading);
        part::each_node(&bytes, reading, |node| {
            if let Node::Open(tag) = node
                && let Some(kind) = tag.attribute("ContentType")
            {
                let kind = kind.to_ascii_lowercase();
                if let Some(name) = tag.attribute("PartName") {
                    let name = name.trim_start_matches('/').to_ascii_lowercase();
                    types.parts.insert(name, kind);
                } else if let Some(extension) = tag.attribute("Extension") {
                    types
                        .extensions
                        .insert(extension.to_ascii_lowercase(), kind);
                }
            }
            Ok(())
        });
        types
    }

    /// The content type of a part, in lower case; empty where none is given.
    pub(super) fn of(&self, name: &str) -> &str {
        let name = name.to_ascii_lowercase();
        if let Some(kind) = self.parts.get(&name) {
            return kind;
        }
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        self.extensions.get(extension).map_or("", String::as_str)
    }
}
