//! `sluse incident`: the incident log, read by people.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};

use crate::cli::say;
use crate::clock::{self, Timestamp};
use crate::config::{self, Purpose};
use crate::incident::{Broken, EventKind, Filter, IncidentId, Kind, Reader, Story, Summary, tell};
use crate::policy::Language;

/// Which log.
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    /// The database of the log.
    #[arg(long, value_name = "FILE", global = true)]
    database: Option<PathBuf>,
    /// The configuration that names the database.
    #[arg(
        short,
        long,
        value_name = "FILE",
        global = true,
        conflicts_with = "database"
    )]
    config: Option<PathBuf>,
    /// What is asked.
    #[command(subcommand)]
    command: Command,
}

/// What is asked of the log.
#[derive(clap::Subcommand, Debug)]
enum Command {
    /// Lists incidents, the newest first.
    List {
        /// One JSON object a line.
        #[arg(long)]
        json: bool,
        /// Opened since then: a day (2026-11-01), a time (2026-11-01T12:00:00Z), or a while ago (12h, 7d).
        #[arg(long, value_parser = since)]
        since: Option<Timestamp>,
        /// Only these: near-miss or breach-candidate.
        #[arg(long, value_parser = kind)]
        kind: Option<Kind>,
        /// The most that are listed.
        #[arg(long, default_value_t = 100, value_name = "NUMBER")]
        limit: u64,
    },
    /// Tells one incident: what, who, why, and what happened.
    Show {
        /// Its identifier.
        id: IncidentId,
        /// One JSON object.
        #[arg(long)]
        json: bool,
        /// The language: da or en.
        #[arg(long, default_value = "da")]
        lang: Language,
    },
    /// Checks that nothing in the log was changed, taken out or put in.
    Verify,
}

/// Answers from the log. 0: answered; 1: `verify` found the log changed; 2: it could not be read.
pub(super) fn run(args: &Arguments) -> anyhow::Result<ExitCode> {
    let reader = Reader::open(&database(args)?)?;
    let mut out = io::stdout();
    match &args.command {
        Command::List {
            json,
            since,
            kind,
            limit,
        } => {
            let filter = Filter {
                since: *since,
                kind: *kind,
            };
            list(&reader, &filter, *limit, *json)
        }
        Command::Show { id, json, lang } => {
            let story = reader.show(*id)?;
            if *json {
                writeln!(out, "{}", serde_json::to_string(&as_json(&story))?)?;
            } else {
                write!(out, "{}", tell(&story, *lang))?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Verify => match reader.verify() {
            Ok(intact) => {
                writeln!(
                    out,
                    "intact: {} events of {} incidents; the last hash is {}",
                    intact.events, intact.incidents, intact.head
                )?;
                Ok(ExitCode::SUCCESS)
            }
            Err(Broken::Unread(error)) => Err(error.into()),
            Err(broken) => {
                writeln!(out, "changed: {broken}")?;
                Ok(ExitCode::from(1))
            }
        },
    }
}

fn database(args: &Arguments) -> anyhow::Result<PathBuf> {
    match (&args.database, &args.config) {
        (Some(database), _) => Ok(database.clone()),
        (None, Some(file)) => {
            let loaded = config::load(file, Purpose::Check, None)?;
            Ok(loaded.config.incident.database)
        }
        (None, None) => bail!("name the log: `--database FILE`, or the configuration: `-c FILE`"),
    }
}

fn list(reader: &Reader, filter: &Filter, limit: u64, json: bool) -> anyhow::Result<ExitCode> {
    let mut out = io::stdout().lock();
    let mut listed = 0;
    let mut more = false;
    let mut written = Ok(());
    reader.list(filter, |summary| {
        if listed == limit {
            more = true;
            return ControlFlow::Break(());
        }
        listed += 1;
        written = if json {
            serde_json::to_string(&summary)
                .map_err(io::Error::from)
                .and_then(|line| writeln!(out, "{line}"))
        } else {
            writeln!(out, "{}", line(&summary))
        };
        if written.is_err() {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    })?;
    match written {
        // Whoever reads along has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(ExitCode::SUCCESS),
        written => written.context("the list cannot be written")?,
    }
    if more {
        say(format_args!("there are more; ask for them with --limit"));
    }
    if listed == 0 && !json {
        say(format_args!("no incident"));
    }
    Ok(ExitCode::SUCCESS)
}

fn line(summary: &Summary) -> String {
    format!(
        "{}  {}  {:16}  {:6}  {:9}  {:>3} persons  {}",
        summary
            .opened
            .get(..19)
            .unwrap_or(&summary.opened)
            .replace('T', " "),
        summary.id,
        summary.kind,
        summary.severity,
        summary.outcome.as_deref().unwrap_or("open"),
        summary.persons,
        summary.sender.as_deref().unwrap_or("<>"),
    )
}

fn as_json(story: &Story) -> serde_json::Value {
    let events: Vec<serde_json::Value> = story
        .events
        .iter()
        .map(|event| {
            let (kind, detail) = match &event.kind {
                EventKind::Opened(facts) => ("opened", serde_json::to_value(facts)),
                EventKind::Repeated(repeated) => ("repeated", serde_json::to_value(repeated)),
                EventKind::Outcome(outcome) => ("outcome", serde_json::to_value(outcome)),
                EventKind::Erased => ("erased", Ok(serde_json::Value::Null)),
            };
            serde_json::json!({
                "seq": event.seq,
                "at": event.at,
                "event": kind,
                "detail": detail.unwrap_or_default(),
            })
        })
        .collect();
    serde_json::json!({ "incident": story.summary, "events": events })
}

fn kind(text: &str) -> Result<Kind, String> {
    [Kind::NearMiss, Kind::BreachCandidate]
        .into_iter()
        .find(|kind| kind.as_str() == text)
        .ok_or_else(|| "it is `near-miss` or `breach-candidate`".to_owned())
}

fn since(text: &str) -> Result<Timestamp, String> {
    let wrong = || {
        "write a day (2026-11-01), a time (2026-11-01T12:00:00Z), or a while ago (12h, 7d)"
            .to_owned()
    };
    if let Ok(at) = text.parse() {
        return Ok(at);
    }
    if let Ok(at) = format!("{text}T00:00:00Z").parse() {
        return Ok(at);
    }
    let hours: u64 = match (text.strip_suffix('h'), text.strip_suffix('d')) {
        (Some(hours), _) => hours.parse().map_err(|_| wrong())?,
        (None, Some(days)) => days
            .parse::<u64>()
            .ok()
            .and_then(|days| days.checked_mul(24))
            .ok_or_else(wrong)?,
        (None, None) => return Err(wrong()),
    };
    let ago = hours
        .checked_mul(3600)
        .map(Duration::from_secs)
        .ok_or_else(wrong)?;
    clock::now().checked_sub(ago).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn since_takes_days_times_and_whiles() {
        for text in [
            "2026-11-01",
            "2026-11-01T12:00:00Z",
            "2026-11-01T12:00:00+01:00",
            "12h",
            "7d",
        ] {
            assert!(since(text).is_ok(), "{text}");
        }
        for text in [
            "",
            "yesterday",
            "-7d",
            "7",
            "99999999999999999999d",
            "2026-13-01",
        ] {
            assert!(since(text).is_err(), "{text}");
        }
    }
}
