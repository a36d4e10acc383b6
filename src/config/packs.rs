//! Which packs recognize, and their files: those that are shipped, an organization's own, and copies being worked on.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::config::problem::{Code, Problem, Problems};
use crate::config::section::{Section, Written};
use crate::config::source::Source;
use crate::config::typed::{Typed, path};
use crate::config::value::{Wrong, suggestion};
use crate::detect::{PatternId, prove};
use crate::inspect::{Care, DoorSettings, Useless, compile_apart};
use crate::pattern::{
    self, FingerprintKey, Gravity, Origin, PackSet, PackSource, Packs, Stock, lint,
};

/// Which packs recognize, beside those that are shipped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patterns {
    /// Files and folders of packs.
    pub packs: Vec<PackPath>,
    disable: Vec<Written<PatternId>>,
}

/// A file or folder of packs, and where it is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackPath {
    /// The file or folder.
    pub path: PathBuf,
    named: Option<(Arc<Source>, Range<usize>)>,
}

impl From<&Path> for PackPath {
    /// One that is named by no configuration.
    fn from(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            named: None,
        }
    }
}

/// Reads `[patterns]`.
pub(super) fn read(mut section: Section<'_>) -> Patterns {
    let source = Arc::clone(section.report().source());
    let packs = section.texts("packs", |text| path(&source, text));
    let disable = section.texts("disable", |text| Ok::<_, Wrong>(PatternId::new(text)));
    section.finish();
    let packs = packs.unwrap_or_default().into_iter();
    Patterns {
        packs: packs
            .map(|written| PackPath {
                path: written.value,
                named: Some((Arc::clone(&source), written.span)),
            })
            .collect(),
        disable: disable.unwrap_or_default(),
    }
}

/// Tells of patterns that are switched off and are not there.
pub(super) fn check(typed: &Typed, known: Option<&[PatternId]>, problems: &mut Vec<Problem>) {
    let Some(known) = known else { return };
    for written in &typed.patterns.disable {
        if known.contains(&written.value) {
            continue;
        }
        let names: Vec<&str> = known.iter().map(PatternId::as_str).collect();
        problems.push(Problem::at(
            Code::UnknownWord,
            Arc::clone(&typed.source),
            written.span.clone(),
            format!("`{}` is no pattern of any pack", written.value.as_str()),
            "value of `patterns.disable`",
            suggestion(written.value.as_str(), &names),
        ));
    }
}

impl Patterns {
    /// Of the patterns there are, those that are not switched off.
    pub(super) fn in_use(&self, known: &[PatternId]) -> Vec<PatternId> {
        let is_off = |id: &&PatternId| self.disable.iter().any(|off| off.value == **id);
        known.iter().filter(|id| !is_off(id)).cloned().collect()
    }

    /// Whether nothing but the shipped packs recognizes, and all of them do.
    pub fn are_shipped(&self) -> bool {
        self.packs.is_empty() && self.disable.is_empty()
    }
}

/// Packs as they are typed.
#[derive(Clone, Debug)]
pub struct PackFiles {
    read: Vec<(Arc<Source>, Origin)>,
    disabled: Vec<Box<str>>,
    unread: Vec<Problem>,
}

impl PackFiles {
    /// These packs and no others.
    pub fn of(packs: Vec<(Arc<Source>, Origin)>) -> Self {
        Self {
            read: packs,
            disabled: Vec::new(),
            unread: Vec::new(),
        }
    }

    /// The shipped packs, and those beside them.
    pub fn in_use(patterns: &Patterns) -> Self {
        let shipped = PackSource::shipped().into_iter();
        let shipped = shipped.map(|pack| Source::new(Path::new(&*pack.file), pack.text));
        let disabled = patterns.disable.iter();
        let mut files = Self {
            disabled: disabled.map(|it| it.value.as_str().into()).collect(),
            ..Self::of(shipped.map(|source| (source, Origin::Shipped)).collect())
        };
        for path in &patterns.packs {
            let read = files.read_from(path);
            files.read.extend(read);
        }
        files
    }

    /// These, and those that are named on the command line. A file named as one of these takes its place, for it is a copy
    /// of it that is being worked on; one that only changes other packs stands beside a shipped one.
    #[must_use]
    pub fn with(mut self, paths: &[PathBuf]) -> Self {
        let mut copies = Vec::new();
        for path in paths {
            copies.extend(self.read_from(&PackPath::from(path.as_path())));
        }
        let name = |source: &Source| source.path().file_name().map(ToOwned::to_owned);
        self.read.retain(|(below, origin)| {
            let replaces = |copy: &Source| {
                name(copy) == name(below)
                    && (*origin == Origin::Local || !changes_others(copy.text()))
            };
            !copies.iter().any(|(copy, _)| replaces(copy))
        });
        self.read.extend(copies);
        self
    }

    /// The names of the files.
    pub fn files(&self) -> Vec<String> {
        let paths = self.read.iter();
        paths
            .map(|(source, _)| source.path().display().to_string())
            .collect()
    }

    /// The packs, to be compiled.
    pub fn set(&self) -> PackSet {
        let sources = self.read.iter().map(|(source, origin)| PackSource {
            file: source.path().to_string_lossy().into(),
            text: source.shared_text(),
            origin: *origin,
        });
        PackSet {
            sources: sources.collect(),
            disabled: self.disabled.clone(),
        }
    }

    /// Compiles them; or tells everything that keeps them from it.
    pub fn compile(&self, key: FingerprintKey) -> Result<Packs, Problems> {
        if !self.unread.is_empty() {
            return Err(Problems::new(self.unread.clone()));
        }
        Packs::compile(&self.set(), key).map_err(|wrong| self.told(&wrong))
    }

    /// Compiles them, runs their examples, and looks for what is doubtful in them.
    ///
    /// `Ok` has the warnings. `Err` has all errors, and the warnings; examples are run only where all packs compile.
    pub fn check(&self, key: FingerprintKey) -> Result<(Packs, Problems), Problems> {
        let packs = self.compile(key)?;
        let mut wrong = prove(&packs);
        wrong.extend(lint(&self.set()));
        let problems = self.told(&wrong);
        if problems.errors() > 0 {
            return Err(problems);
        }
        Ok((packs, problems))
    }

    /// What they hold, found out by a process of its own, which leaves nothing of it in our memory; and what is doubtful in them.
    ///
    /// `Err` as of [`compile`](Self::compile) or [`check`](Self::check), by the care that is taken.
    pub fn stock(&self, care: Care, year: u16) -> Result<(Stock, Problems), Problems> {
        if !self.unread.is_empty() {
            return Err(Problems::new(self.unread.clone()));
        }
        let set = self.set();
        match compile_apart(&DoorSettings::default().program, &set, care) {
            Ok((catalogue, doubts)) => {
                let stock = Stock {
                    set,
                    year,
                    catalogue,
                };
                Ok((stock, self.told(&doubts)))
            }
            Err(Useless::Wrong(wrong)) => Err(self.told(&wrong)),
            Err(useless @ Useless::Unanswered(_)) => Err(Problems::new(vec![Problem::at(
                Code::Program,
                Source::new(Path::new("all packs together"), ""),
                0..0,
                useless.to_string(),
                "",
                "Sluse starts its own program for it: give it memory, and processes, enough",
            )])),
        }
    }

    fn read_from(&mut self, path: &PackPath) -> Vec<(Arc<Source>, Origin)> {
        let files = match packs_in(path) {
            Ok(files) => files,
            Err(problem) => {
                self.unread.push(*problem);
                return Vec::new();
            }
        };
        let mut read = Vec::new();
        for file in files {
            match Source::read(&file) {
                Ok(source) => read.push((source, Origin::Local)),
                Err(problem) => self.unread.push(*problem),
            }
        }
        read
    }

    /// Problems, each with the file it stands in.
    fn told(&self, wrong: &[pattern::Problem]) -> Problems {
        let told = wrong.iter().map(|wrong| {
            let named =
                |(source, _): &&(Arc<Source>, Origin)| source.path() == Path::new(&*wrong.file);
            let source = self.read.iter().find(named).map_or_else(
                || Source::new(Path::new("all packs together"), ""),
                |(source, _)| Arc::clone(source),
            );
            let problem = Problem::at(
                Code::Pack(wrong.code),
                source,
                wrong.span.clone(),
                wrong.message.clone(),
                "",
                wrong.remedy.clone(),
            );
            match wrong.gravity {
                Gravity::Warning => problem.warning(),
                Gravity::Error => problem,
            }
        });
        Problems::new(told.collect())
    }
}

/// Whether a pack only changes what other packs have.
fn changes_others(text: &str) -> bool {
    let table = text.parse::<toml::Table>().unwrap_or_default();
    let has = |key: &str| table.contains_key(key);
    (has("extend") || has("override")) && !has("pattern")
}

/// A file, or every `.toml` file that lies in a folder, in the order of their names.
fn packs_in(named: &PackPath) -> Result<Vec<PathBuf>, Box<Problem>> {
    let path = &named.path;
    let cannot = |message: String, remedy: &str| {
        let (source, span) = match &named.named {
            Some((source, span)) => (Arc::clone(source), span.clone()),
            None => (Source::new(path, ""), 0..0),
        };
        let label = "a file or folder of packs";
        Box::new(Problem::at(
            Code::Unreadable,
            source,
            span,
            message,
            label,
            remedy,
        ))
    };
    let unreadable = |error| {
        cannot(
            format!("{} cannot be read: {error}", path.display()),
            "check the path, and that the user Sluse runs as may read it",
        )
    };
    if !fs::metadata(path).map_err(unreadable)?.is_dir() {
        return Ok(vec![path.clone()]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(unreadable)? {
        let file = entry.map_err(unreadable)?.path();
        if file.extension().is_some_and(|it| it == "toml") && file.is_file() {
            files.push(file);
        }
    }
    files.sort();
    // A folder that the configuration names may wait for its first pack.
    if files.is_empty() && named.named.is_none() {
        return Err(cannot(
            format!("no pack (`.toml`) lies in {}", path.display()),
            "name a file, or a folder with one in it",
        ));
    }
    Ok(files)
}
