//! `sluse.toml`, as it was typed: each table read, nothing yet compared with anything else.

use std::num::NonZeroUsize;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::de::DeTable;

use crate::config::journal;
use crate::config::limits;
use crate::config::listen::{TypedListen, address, listen};
use crate::config::ocr::{self, TypedOcr};
use crate::config::packs;
use crate::config::problem::{Code, Problem};
use crate::config::routes::{TypedRoutes, routes};
use crate::config::section::{Report, Section, Written};
use crate::config::source::Source;
use crate::config::value::{Wrong, host_name, size, word};
use crate::config::{Log, LogFormat, Patterns};
use crate::incident;
use crate::inspect::DoorSettings;
use crate::limits::{ReadLimits, TimeLimits, WireLimits};
use crate::monitor;
use crate::retry;
use crate::spool;

/// The file, with the places of whatever may turn out to contradict something.
#[derive(Debug)]
pub(super) struct Typed {
    pub(super) source: Arc<Source>,
    pub(super) host_name: Box<str>,
    pub(super) pid_file: Option<PathBuf>,
    pub(super) listen: TypedListen,
    pub(super) routes: TypedRoutes,
    pub(super) monitor: monitor::Settings,
    pub(super) spool: spool::Settings,
    pub(super) spool_span: Range<usize>,
    pub(super) workers: NonZeroUsize,
    pub(super) waiting: usize,
    pub(super) memory: u64,
    pub(super) ocr: TypedOcr,
    pub(super) patterns: Patterns,
    pub(super) policy: Option<Written<PathBuf>>,
    pub(super) incident: incident::Settings,
    pub(super) incident_span: Range<usize>,
    pub(super) journal: Option<Written<retry::Settings>>,
    pub(super) wire: WireLimits,
    pub(super) read: ReadLimits,
    pub(super) time: TimeLimits,
    pub(super) time_span: Range<usize>,
    pub(super) log: Log,
}

/// Reads the file. Whatever is wrong is reported, and its default stands in for it, so that the rest is read too.
pub(super) fn read(source: Arc<Source>) -> (Typed, Vec<Problem>) {
    let report = Report::new(Arc::clone(&source));
    let table = parse(&report);
    let mut root = Section::root(&report, &table);

    let host_name = root
        .text("host_name", host_name)
        .map_or_else(own_name, |written| written.value);
    let pid_file = root
        .text("pid_file", |text| path(report.source(), text))
        .map(|written| written.value);
    let listen = listen(root.section("listen"));
    let routes = routes(root.section("route"));
    let monitor = monitor(root.section("monitor"));
    let (spool, spool_span) = spool(root.section("spool"));
    let (workers, waiting, memory) = inspect(root.section("inspect"));
    let ocr = ocr::read(root.section("ocr"));
    let patterns = packs::read(root.section("patterns"));
    let policy = policy(root.section("policy"));
    let (incident, incident_span) = incident(root.section("incident"));
    let journal = journal::read(root.section("journal"));
    let log = log(root.section("log"));

    let mut limits = root.section("limits");
    let wire = limits::wire(limits.section("wire"));
    let read = limits::read(limits.section("read"));
    let time = limits.section("time");
    let time_span = time.span();
    let time = limits::times(time);
    limits.finish();
    root.finish();

    drop(table);

    let typed = Typed {
        source,
        host_name,
        pid_file,
        listen,
        routes,
        monitor,
        spool,
        spool_span,
        workers,
        waiting,
        memory,
        ocr,
        patterns,
        policy,
        incident,
        incident_span,
        journal,
        wire,
        read,
        time,
        time_span,
        log,
    };
    (typed, report.finish())
}

/// The file as a table. A syntax error is reported, and what stands around it is still read, unless the mistake swallows
/// the lines below it: an array that is never closed makes nonsense of the rest.
pub(super) fn parse<'a>(report: &'a Report) -> toml::Spanned<DeTable<'a>> {
    let text = report.source().text();
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut last_line = None;
    for error in &errors {
        let span = error.span().unwrap_or(text.len()..text.len());
        let line = text
            .get(..span.start)
            .map(|before| before.matches('\n').count());
        // One mistake often makes several errors on its line.
        if line == last_line {
            continue;
        }
        last_line = line;
        report.at(
            Code::Syntax,
            span,
            format!("this is not TOML: {}", error.message()),
            "here, or on the line before",
            "a line is `key = value`; a string stands in quotes, a list in brackets; a table begins with `[name]`",
        );
        if error.message().contains("array") || error.message().contains("inline table") {
            return toml::Spanned::new(0..0, DeTable::new());
        }
    }
    table
}

fn monitor(mut section: Section<'_>) -> monitor::Settings {
    let addresses = section.texts("addresses", address).unwrap_or_default();
    section.finish();
    monitor::Settings {
        addresses: addresses.into_iter().map(|written| written.value).collect(),
    }
}

fn spool(mut section: Section<'_>) -> (spool::Settings, Range<usize>) {
    let default = spool::Settings::default();
    let source = section.report().source();
    let folder = section.text("folder", |text| path(source, text));
    let span = folder
        .as_ref()
        .map_or_else(|| section.span(), |folder| folder.span.clone());
    let settings = spool::Settings {
        memory: limits::octets(&mut section, "memory", default.memory),
        total: limits::octets(&mut section, "total", default.total),
        folder: folder.map_or(default.folder, |folder| folder.value),
    };
    section.finish();
    (settings, span)
}

/// The least memory of an inspector, 64 MiB: its packs take half of it.
const LEAST_MEMORY: u64 = 64 << 20;

/// How many inspectors, how many messages wait for them, and the memory of each.
fn inspect(mut section: Section<'_>) -> (NonZeroUsize, usize, u64) {
    let waiting = limits::number(&mut section, "waiting", DoorSettings::default().waiting);
    let workers = section.number::<usize>("workers");
    let memory = section.text("memory", size);
    if let Some(memory) = &memory
        && memory.value < LEAST_MEMORY
    {
        section.report().at(
            Code::WrongValue,
            memory.span.clone(),
            "`inspect.memory` is less than an inspector needs to start",
            "here",
            "give at least 64MiB",
        );
    }
    let memory = memory.map_or_else(|| DoorSettings::default().memory, |memory| memory.value);
    section.finish();
    let workers = workers
        .and_then(|workers| NonZeroUsize::new(workers.value))
        .or_else(|| std::thread::available_parallelism().ok())
        .unwrap_or(NonZeroUsize::MIN);
    (workers, waiting, memory)
}

fn policy(mut section: Section<'_>) -> Option<Written<PathBuf>> {
    let source = section.report().source();
    let file = section.text("file", |text| path(source, text));
    section.finish();
    file
}

fn incident(mut section: Section<'_>) -> (incident::Settings, Range<usize>) {
    let default = incident::Settings::default();
    let source = section.report().source();
    let tenant = section.text("tenant", |text| {
        let good = !text.trim().is_empty()
            && text.chars().count() <= 100
            && !text.contains(char::is_control);
        good.then(|| text.into()).ok_or_else(|| {
            Wrong::new(
                "is no name of an organization",
                "write 1 to 100 characters on one line",
            )
        })
    });
    let database = section.text("database", |text| path(source, text));
    let span = database
        .as_ref()
        .map_or_else(|| section.span(), |database| database.span.clone());
    let key = section.text("key", |text| path(source, text));
    let journal = section.text("journal", |text| path(source, text));
    let database = database.map_or(default.database, |database| database.value);
    let settings = incident::Settings {
        tenant: tenant.map_or(default.tenant, |tenant| tenant.value),
        key: key.map_or_else(|| database.with_extension("key"), |key| key.value),
        database,
        journal: journal.map(|journal| journal.value),
        queue: limits::number(&mut section, "queue", default.queue),
        patience: limits::time(&mut section, "patience", default.patience),
        largest: limits::octets(&mut section, "largest", default.largest),
        told: limits::number(&mut section, "told", default.told),
        persons: limits::number(&mut section, "persons", default.persons),
        retries: limits::time(&mut section, "retries", default.retries),
    };
    section.finish();
    (settings, span)
}

fn log(mut section: Section<'_>) -> Log {
    let default = Log::default();
    let format = section.text("format", |text| {
        word(
            text,
            "log format",
            [LogFormat::Human, LogFormat::Json],
            |format| match format {
                LogFormat::Human => "human",
                LogFormat::Json => "json",
            },
        )
    });
    let level = section.text("level", |text| {
        let levels = [
            tracing::Level::ERROR,
            tracing::Level::WARN,
            tracing::Level::INFO,
            tracing::Level::DEBUG,
        ];
        word(text, "log level", levels, |level| match level {
            tracing::Level::ERROR => "error",
            tracing::Level::WARN => "warn",
            tracing::Level::INFO => "info",
            _ => "debug",
        })
    });
    section.finish();
    Log {
        format: format.map_or(default.format, |format| format.value),
        level: level.map_or(default.level, |level| level.value),
    }
}

/// A path, relative to the folder of the file it stands in.
pub(super) fn path(source: &Source, text: &str) -> Result<PathBuf, Wrong> {
    if text.is_empty() || text.contains('\0') {
        return Err(Wrong::new("is no path", "name a file or folder"));
    }
    Ok(source.resolve(text))
}

/// The name of this host, as its kernel knows it.
fn own_name() -> Box<str> {
    std::fs::read_to_string(Path::new("/proc/sys/kernel/hostname"))
        .ok()
        .and_then(|name| host_name(name.trim()).ok())
        .unwrap_or_else(|| "localhost".into())
}
