//! `sluse scan`: what is in messages, and what would be done with them.

mod report;

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use tokio::runtime::{self, Runtime};
use tokio::time::Instant;

use crate::cli::pack_files::in_use;
use crate::cli::scan::report::Report;
use crate::cli::{NOTHING, SOMETHING, key_of_this_run, load};
use crate::config::{self, Patterns};
use crate::inspect::{Door, DoorSettings, Inspection, inspect};
use crate::limits::ReadLimits;
use crate::mail::{Address, Envelope, Parameters, Recipient, ReversePath};
use crate::pattern::{Packs, Stock};
use crate::policy::{Case, Policy, Routes, judge};
use crate::spool::{self, Draft};

/// Files, and for whom they are judged.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// Print one JSON object a line.
    #[arg(long)]
    json: bool,
    /// Tell of findings of low confidence as well: numbers that have the shape, and little else.
    #[arg(long)]
    all: bool,
    /// The sender to judge for.
    #[arg(long, value_name = "ADDRESS")]
    from: Option<String>,
    /// A recipient to judge for; may be repeated. Without any: somebody outside, whom nothing protects.
    #[arg(long, value_name = "ADDRESS")]
    to: Vec<String>,
    /// Judge by this configuration, its policy and its packs rather than by those that are shipped.
    #[arg(short, long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Recognize by these packs as well: a file, or a folder of them; may be repeated. A file named as a shipped one takes its
    /// place.
    #[arg(long, value_name = "FILE|DIR")]
    patterns: Vec<PathBuf>,
    /// Read messages in this process rather than in a confined one beside it. A message that brings a reader down then ends the
    /// scan, and pictures are not read.
    #[arg(long)]
    in_process: bool,
    /// Messages, folders of messages, or `-` for one message on standard input.
    #[arg(required = true, value_name = "FILE|DIR|-")]
    paths: Vec<PathBuf>,
}

/// What messages are judged by.
struct Bench {
    reading: Reading,
    policy: Policy,
    routes: Routes,
    envelope: Envelope,
}

/// Where messages are read.
enum Reading {
    /// Here.
    InProcess(Box<Packs>, ReadLimits),
    /// By an inspector, and pictures by OCR in so much time. They are started by the runtime, and talked to in it.
    Confined(Runtime, Box<Door>, ReadLimits, Duration),
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let bench = Bench::new(arguments)?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut found = false;
    for path in &arguments.paths {
        if path.as_os_str() == "-" {
            let mut bytes = Vec::new();
            io::stdin()
                .lock()
                .read_to_end(&mut bytes)
                .context("standard input")?;
            found |= bench.scan("-", &bytes, arguments, &mut out)?;
            continue;
        }
        for file in files(path)? {
            let bytes = fs::read(&file).with_context(|| file.display().to_string())?;
            found |= bench.scan(&file.display().to_string(), &bytes, arguments, &mut out)?;
        }
    }
    out.flush()?;
    Ok(ExitCode::from(if found { SOMETHING } else { NOTHING }))
}

impl Bench {
    fn new(arguments: &Arguments) -> anyhow::Result<Self> {
        let mut settings = DoorSettings {
            workers: 1,
            ..DoorSettings::default()
        };
        let (patterns, policy, routes) = match &arguments.config {
            Some(file) => {
                let config = load(file)?;
                settings.limits = config.inspect.limits;
                settings.memory = config.inspect.memory;
                settings.ocr = config.inspect.ocr;
                settings.spool = config.spool;
                (config.patterns, config.policy, config.carriages)
            }
            None => (
                Patterns::default(),
                config::shipped_policy(),
                Routes::assumed(),
            ),
        };
        let packs = in_use(&patterns, &[&arguments.patterns], key_of_this_run()?)?.packs;
        let reading = if arguments.in_process {
            Reading::InProcess(Box::new(packs), settings.limits)
        } else {
            let runtime = runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            let limits = settings.limits.clone();
            let pictures = settings.ocr.as_ref().map(|ocr| ocr.time);
            let pictures = pictures.unwrap_or_default();
            let door =
                runtime.block_on(Door::open(settings, Stock::of(&packs), packs.key().clone()))?;
            Reading::Confined(runtime, Box::new(door), limits, pictures)
        };
        let address = |text: &str| {
            Address::parse(text).with_context(|| format!("`{text}` is no mail address"))
        };
        let reverse_path = match &arguments.from {
            Some(from) => ReversePath::Mailbox(address(from)?),
            None => ReversePath::Null,
        };
        let stranger = ["somebody@outside.invalid".to_owned()];
        let to = if arguments.to.is_empty() {
            &stranger[..]
        } else {
            &arguments.to
        };
        let recipients = to.iter().map(|to| {
            Ok(Recipient {
                address: address(to)?,
                parameters: Parameters::default(),
            })
        });
        let recipients = recipients.collect::<anyhow::Result<Vec<_>>>()?;
        let envelope = Envelope {
            reverse_path,
            parameters: Parameters::default(),
            recipients,
        };
        Ok(Self {
            reading,
            policy,
            routes,
            envelope,
        })
    }

    /// Scans one message and reports on it; whether anything was found in it.
    fn scan(
        &self,
        name: &str,
        bytes: &[u8],
        arguments: &Arguments,
        out: &mut impl Write,
    ) -> anyhow::Result<bool> {
        let inspection = self.reading.inspect(bytes)?;
        let case = Case {
            envelope: &self.envelope,
            inspection: &inspection,
            routes: &self.routes,
        };
        let verdict = judge(&self.policy, &case);
        let report = Report::new(name, &inspection, &verdict, arguments.all);
        if arguments.json {
            serde_json::to_writer(&mut *out, &report)?;
            writeln!(out)?;
        } else {
            write!(out, "{report}")?;
        }
        Ok(report.found_something())
    }
}

impl Reading {
    fn inspect(&self, bytes: &[u8]) -> anyhow::Result<Inspection> {
        match self {
            Self::InProcess(packs, limits) => Ok(inspect(packs, limits, bytes)),
            Self::Confined(runtime, door, limits, pictures) => {
                // All on the disk that memory has no room for would be one more thing to go wrong.
                let settings = spool::Settings {
                    memory: u64::MAX,
                    ..spool::Settings::default()
                };
                let mut draft = Draft::new(&settings);
                draft.write(bytes)?;
                let spooled = draft.finish()?;
                // Nobody else waits for the inspector, or for OCR.
                let deadline = Instant::now() + 3 * limits.time + *pictures;
                Ok(runtime.block_on(door.inspect(&spooled, deadline))?)
            }
        }
    }
}

/// A file, or every file below a folder, in the order of their names. Links to folders are not followed, for they may go
/// in a circle.
fn files(path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let about = || path.display().to_string();
    if !fs::metadata(path).with_context(about)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = fs::read_dir(path).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let mut entries = entries.with_context(about)?;
    entries.sort_by_key(fs::DirEntry::path);
    let mut found = Vec::new();
    for entry in entries {
        let linked_folder = entry.path().is_dir() && entry.file_type()?.is_symlink();
        if !linked_folder {
            found.extend(files(&entry.path())?);
        }
    }
    Ok(found)
}
