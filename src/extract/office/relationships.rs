//! The relationships of an OOXML document: which part belongs to which, and what it links to outside (ECMA-376
//! part 2, 6.5).

use std::collections::HashMap;

use crate::extract::Reading;
use crate::extract::office::package::Package;
use crate::extract::office::part;
use crate::extract::office::xml::Node;

/// All relationships of a package.
#[derive(Debug, Default)]
pub(super) struct Relationships {
    inside: Vec<Relationship>,
    kinds: HashMap<String, String>,
    /// The targets outside, used or not: a link that nothing points to any more is still in the file.
    pub(super) links: Vec<String>,
}

/// One relationship between parts; names in lower case.
#[derive(Debug)]
pub(super) struct Relationship {
    /// The part it belongs to.
    pub(super) source: String,
    /// What the source calls it.
    pub(super) id: String,
    /// The last word of its type: `worksheet`, `notesslide`.
    pub(super) kind: String,
    /// The part it points to.
    pub(super) target: String,
}

impl Relationships {
    /// Reads all of them.
    pub(super) fn read(package: &mut Package<'_>, reading: &mut Reading<'_>) -> Self {
        let mut all = Self::default();
        for number in 0..package.names().len() {
            let Some(source) = source(package.name(number)) else {
                continue;
            };
            let bytes = package.part(number, reading);
            part::each_node(&bytes, reading, |node| {
                if let Node::Open(tag) = node
                    && let Some(target) = tag.attribute("Target")
                {
                    let outside = tag
                        .attribute("TargetMode")
                        .is_some_and(|mode| mode == "External");
                    if outside {
                        all.links.push(target.into_owned());
                    } else {
                        let kind = tag
                            .attribute("Type")
                            .unwrap_or_default()
                            .to_ascii_lowercase();
                        all.inside.push(Relationship {
                            id: tag.attribute("Id").unwrap_or_default().into_owned(),
                            kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                            target: resolved(&source, &target).to_ascii_lowercase(),
                            source: source.to_ascii_lowercase(),
                        });
                    }
                }
                Ok(())
            });
        }
        all.kinds = all
            .inside
            .iter()
            .map(|one| (one.target.clone(), one.kind.clone()))
            .collect();
        all
    }

    /// The relationships of one part.
    pub(super) fn of(&self, source: &str) -> impl Iterator<Item = &Relationship> {
        let source = source.to_ascii_lowercase();
        self.inside.iter().filter(move |one| one.source == source)
    }

    /// What a part is related to another as; empty where nothing refers to it.
    pub(super) fn kind(&self, target: &str) -> &str {
        self.kinds
            .get(&target.to_ascii_lowercase())
            .map_or("", String::as_str)
    }

    /// All relationships between parts.
    pub(super) fn all(&self) -> &[Relationship] {
        &self.inside
    }
}

/// The part that `a/_rels/b.xml.rels` tells of: `a/b.xml`.
fn source(name: &str) -> Option<String> {
    let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
    let file = file.strip_suffix(".rels")?;
    let folder = folder.strip_suffix("_rels")?.trim_end_matches('/');
    Some(if folder.is_empty() {
        file.to_owned()
    } else {
        format!("{folder}/{file}")
    })
}

/// The part a target names, seen from the part it stands in.
fn resolved(source: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut path: Vec<&str> = source.split('/').collect();
    path.pop();
    for step in target.split('/') {
        match step {
            ".." => {
                path.pop();
            }
            "." | "" => {}
            step => path.push(step),
        }
    }
    path.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_folders() {
        assert_eq!(
            source("xl/_rels/workbook.xml.rels").unwrap(),
            "xl/workbook.xml"
        );
        assert_eq!(source("_rels/.rels").unwrap(), "");
        assert_eq!(source("xl/workbook.xml"), None);
        assert_eq!(
            resolved("ppt/slides/slide1.xml", "../notes/n.xml"),
            "ppt/notes/n.xml"
        );
        assert_eq!(resolved("xl/workbook.xml", "/xl/a.xml"), "xl/a.xml");
        assert_eq!(resolved("a.xml", "../../b.xml"), "b.xml");
    }
}
