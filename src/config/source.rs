//! A file of settings, as it was typed.

use std::borrow::Cow;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::config::problem::{Code, Problem};

/// The text of a file and its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    path: PathBuf,
    /// Borrowed where it is compiled in: the packs alone are 1.6 MB.
    text: Cow<'static, str>,
}

impl Source {
    /// A text that needs no file: what is compiled in, and tests.
    pub fn new(path: &Path, text: impl Into<Cow<'static, str>>) -> Arc<Self> {
        Arc::new(Self {
            path: path.to_owned(),
            text: text.into(),
        })
    }

    /// Reads a file, of at most 1 MiB.
    pub fn read(path: &Path) -> Result<Arc<Self>, Box<Problem>> {
        let cannot = |what: String, remedy: &str| {
            Box::new(Problem::of_file(
                Code::Unreadable,
                Self::new(path, ""),
                what,
                remedy,
            ))
        };
        let mut octets = Vec::new();
        File::open(path)
            .and_then(|file| file.take(MOST + 1).read_to_end(&mut octets))
            .map_err(|error| {
                cannot(
                    format!("{} cannot be read: {error}", path.display()),
                    "check the path, and that the user Sluse runs as may read the file",
                )
            })?;
        if octets.len() as u64 > MOST {
            return Err(cannot(
                format!("{} is larger than 1 MiB", path.display()),
                "name the file of settings itself",
            ));
        }
        match String::from_utf8(octets) {
            Ok(text) => Ok(Arc::new(Self {
                path: path.to_owned(),
                // Some editors begin a file with a byte order mark.
                text: text
                    .strip_prefix('\u{FEFF}')
                    .map(str::to_owned)
                    .unwrap_or(text)
                    .into(),
            })),
            Err(error) => {
                let good = error.utf8_error().valid_up_to();
                let line = error
                    .as_bytes()
                    .iter()
                    .take(good)
                    .filter(|octet| **octet == b'\n')
                    .count()
                    + 1;
                Err(cannot(
                    format!("line {line} of {} is not UTF-8", path.display()),
                    "save the file as UTF-8",
                ))
            }
        }
    }

    /// The name of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The text of the file.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// A copy of the text, where it is not compiled in.
    pub(super) fn shared_text(&self) -> Cow<'static, str> {
        self.text.clone()
    }

    /// A path that was written in this file: relative to the folder of the file.
    pub fn resolve(&self, written: &str) -> PathBuf {
        match self.path.parent() {
            Some(folder) => folder.join(written),
            None => PathBuf::from(written),
        }
    }
}

/// The most octets of a file of settings.
const MOST: u64 = 1 << 20;
