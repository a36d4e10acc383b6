//! The files of a corpus: found, told apart by what they hold, and read.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::cli::sorted;
use crate::evaluate::{Mail, Sample, Truth, carriers, texts};

/// Everything that was read.
#[derive(Default)]
pub(in crate::cli) struct Corpus {
    /// The mails, in the order of the arguments and of the names of the files.
    pub(in crate::cli) samples: Vec<Sample>,
    /// Files in the folders that are no part of a corpus.
    pub(super) passed_over: Vec<PathBuf>,
}

/// Reads files of a corpus, and folders of them.
///
/// In a folder, `.jsonl` is labelled if its lines are, `.txt` and `.md` is text in which nothing may be found. But beside
/// something labelled, wherever in the tree, plain text is more often a note about it: there it counts only below a folder
/// named `negatives`.
pub(in crate::cli) fn read(paths: &[PathBuf]) -> anyhow::Result<Corpus> {
    let mut reader = Reader {
        corpus: Corpus::default(),
        left: MOST_OCTETS,
    };
    for path in paths {
        let metadata = fs::metadata(path).with_context(|| path.display().to_string())?;
        let before = reader.corpus.samples.len();
        if metadata.is_dir() {
            reader.folder(path)?;
        } else {
            reader.file(path)?;
        }
        if reader.corpus.samples.len() == before {
            bail!(
                "{}: no corpus is in it; see the chapter `evaluation` of the manual for what one looks like",
                path.display()
            );
        }
    }
    Ok(reader.corpus)
}

struct Reader {
    corpus: Corpus,
    /// How many octets may still be read.
    left: u64,
}

impl Reader {
    /// A file that was named itself: it must be one.
    fn file(&mut self, path: &Path) -> anyhow::Result<()> {
        let text = self.open(path)?;
        match kind(&text) {
            Kind::Unknown => bail!(
                "{}: its first line has neither `labels`, as labelled texts do, nor `planted`, as carriers do",
                path.display()
            ),
            Kind::Plain if !has_extension(path, &["jsonl"]) => {
                let name = path.file_name().unwrap_or(path.as_os_str());
                self.negative(&name.to_string_lossy(), text);
            }
            labelled => self.labelled(path, labelled, &text)?,
        }
        Ok(())
    }

    fn folder(&mut self, folder: &Path) -> anyhow::Result<()> {
        let mut files = Vec::new();
        walk(folder, 0, &mut files)?;
        let (lines, others): (Vec<_>, Vec<_>) = files
            .into_iter()
            .partition(|it| has_extension(it, &["jsonl"]));
        let first = self.corpus.samples.len();
        for path in lines {
            let text = self.open(&path)?;
            match kind(&text) {
                Kind::Unknown => self.corpus.passed_over.push(path),
                // A file of lines that is none is a corpus that went wrong.
                Kind::Plain => self.labelled(&path, Kind::Texts, &text)?,
                labelled => self.labelled(&path, labelled, &text)?,
            }
        }
        let samples = self.corpus.samples.get(first..).unwrap_or_default();
        let is_labelled = !samples.is_empty();
        let carried: BTreeSet<PathBuf> = samples
            .iter()
            .filter_map(|sample| match &sample.mail {
                Mail::File(file) => Some(file.clone()),
                Mail::Text { .. } => None,
            })
            .collect();
        for path in others {
            let name = path.strip_prefix(folder).unwrap_or(&path);
            let mut above = name.ancestors().skip(1);
            let counts = !is_labelled || above.any(|it| it.ends_with("negatives"));
            if counts && has_extension(&path, &["txt", "md"]) {
                let text = self.open(&path)?;
                self.negative(&name.to_string_lossy(), text);
            } else if !carried.contains(&path) {
                self.corpus.passed_over.push(path);
            }
        }
        Ok(())
    }

    fn labelled(&mut self, path: &Path, kind: Kind, text: &str) -> anyhow::Result<()> {
        let folder = path.parent().unwrap_or_else(|| Path::new(""));
        let samples = match kind {
            Kind::Carriers => carriers(text, folder),
            _ => texts(text),
        };
        let samples = samples.with_context(|| path.display().to_string())?;
        self.corpus.samples.extend(samples);
        Ok(())
    }

    fn negative(&mut self, name: &str, text: String) {
        self.corpus.samples.push(Sample {
            id: name.into(),
            set: None,
            language: None,
            mail: Mail::Text {
                subject: "".into(),
                text: text.into(),
            },
            truth: Truth::Negative,
        });
    }

    fn open(&mut self, path: &Path) -> anyhow::Result<String> {
        let about = || path.display().to_string();
        let mut octets = Vec::new();
        let read = File::open(path)
            .and_then(|file| file.take(self.left + 1).read_to_end(&mut octets))
            .with_context(about)?;
        self.left = match self.left.checked_sub(u64::try_from(read)?) {
            Some(left) => left,
            None => bail!(
                "{}: the corpus is larger than {MOST_OCTETS} octets",
                about()
            ),
        };
        match String::from_utf8(octets) {
            Ok(text) => Ok(text
                .strip_prefix('\u{FEFF}')
                .map(str::to_owned)
                .unwrap_or(text)),
            Err(error) => {
                let good = error
                    .as_bytes()
                    .iter()
                    .take(error.utf8_error().valid_up_to());
                let line = good.filter(|octet| **octet == b'\n').count() + 1;
                bail!("{}: line {line} is not UTF-8", about())
            }
        }
    }
}

/// What a file is, by what it holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Texts,
    Carriers,
    /// Lines of JSON that are neither.
    Unknown,
    /// No line of JSON is its first.
    Plain,
}

fn kind(text: &str) -> Kind {
    let Some(first) = text.lines().find(|line| !line.trim().is_empty()) else {
        return Kind::Plain;
    };
    match serde_json::from_str(first) {
        Ok(serde_json::Value::Object(fields)) if fields.contains_key("planted") => Kind::Carriers,
        Ok(serde_json::Value::Object(fields)) if fields.contains_key("labels") => Kind::Texts,
        Ok(serde_json::Value::Object(_)) => Kind::Unknown,
        // A number on a line is JSON too, and a list of them is plain text.
        _ => Kind::Plain,
    }
}

/// Every file below a folder, in the order of their names. Links to folders are not followed, for they may go in a circle.
fn walk(folder: &Path, depth: u32, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    if depth > MOST_DEPTH {
        bail!("{}: more than {MOST_DEPTH} folders deep", folder.display());
    }
    for path in sorted(folder)? {
        if path.is_dir() {
            if !path.is_symlink() {
                walk(&path, depth + 1, files)?;
            }
        } else {
            files.push(path);
        }
        if files.len() > MOST_FILES {
            bail!("{}: more than {MOST_FILES} files", folder.display());
        }
    }
    Ok(())
}

fn has_extension(path: &Path, known: &[&str]) -> bool {
    let extension = path.extension().and_then(|it| it.to_str());
    extension.is_some_and(|it| known.contains(&it.to_ascii_lowercase().as_str()))
}

/// The most octets of all texts and manifests together; messages are read one by one. Beyond it, and beyond the next two,
/// it cannot be done.
const MOST_OCTETS: u64 = 512 << 20;
/// The most files below one folder.
const MOST_FILES: usize = 100_000;
/// How deep folders may nest.
const MOST_DEPTH: u32 = 16;
