//! What was typed, then what is believed; every error at once, with its line.
//!
//! `sluse.toml` says where messages come from and go to, `policy.toml` what they need. Neither is believed in part:
//! one error, and nothing starts.

mod believe;
mod contradictions;
mod drawing;
mod edges;
mod journal;
mod limits;
mod listen;
mod listeners;
mod ocr;
mod packs;
mod policy;
mod policy_lint;
mod problem;
mod routes;
mod rule;
mod secrets;
mod section;
mod source;
mod typed;
mod value;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::accept;
use crate::act::Route;
use crate::detect::PatternId;
use crate::incident;
use crate::inspect::OcrSettings;
use crate::journey::RouteConflict;
use crate::limits::ReadLimits;
use crate::monitor;
use crate::pattern::Catalogue;
use crate::policy::{self as judging, Policy, RouteName};
use crate::retry;
use crate::spool;

pub use packs::{PackFiles, PackPath, Patterns};
pub use policy::SHIPPED_POLICY;
pub use problem::{Code, Problem, Problems, Severity};
pub use source::Source;

/// Everything a running Sluse is told, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// The file that tells which process runs, for `sluse reload`. `None`: there is none.
    pub pid_file: Option<PathBuf>,
    /// Where we listen, and for whom.
    pub accept: accept::Settings,
    /// Where numbers and health are told.
    pub monitor: monitor::Settings,
    /// Where messages are kept while they are read.
    pub spool: spool::Settings,
    /// The ways out.
    pub routes: Routes,
    /// What each way out does for a message, for policy to judge by.
    pub carriages: judging::Routes,
    /// How messages are read.
    pub inspect: Inspect,
    /// What is recognized in them.
    pub patterns: Patterns,
    /// What messages need.
    pub policy: Policy,
    /// Where incidents are recorded.
    pub incident: incident::Settings,
    /// What is known of messages whose clients may not have heard that they were taken. `None`: it is not kept.
    pub journal: Option<retry::Settings>,
    /// What becomes of an SMTP transaction whose recipients are protected differently.
    pub conflict: RouteConflict,
    /// What is logged.
    pub log: Log,
}

/// The ways out.
#[derive(Clone, Debug)]
pub struct Routes {
    /// The way of a message that has all it needs.
    pub normal: Route,
    /// The ways of the others, by name.
    pub secure: BTreeMap<RouteName, Route>,
}

/// How messages are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspect {
    /// What reading one message may use.
    pub limits: ReadLimits,
    /// How many messages are read at once. Default the number of processors; the others wait their turn.
    pub workers: NonZeroUsize,
    /// The most messages that wait for their turn.
    pub waiting: usize,
    /// The memory one of them may use, in octets.
    pub memory: u64,
    /// Who reads pictures, if he is there; `None`: nobody.
    pub ocr: Option<OcrSettings>,
}

/// What is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Log {
    /// For whom.
    pub format: LogFormat,
    /// How much.
    pub level: tracing::Level,
}

/// For whom the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// A line a person reads.
    #[default]
    Human,
    /// A line of JSON a program reads.
    Json,
}

impl Default for Log {
    fn default() -> Self {
        Self {
            format: LogFormat::default(),
            level: tracing::Level::INFO,
        }
    }
}

/// For what a configuration is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// To see whether it is good, perhaps as another user or on another machine: what is wrong with this machine is a
    /// warning.
    Check,
    /// To start: a folder that cannot be written is an error.
    Serve,
}

/// A configuration that may be started, and what is doubtful in it.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The configuration.
    pub config: Config,
    /// Warnings only.
    pub warnings: Problems,
}

/// Reads a configuration and the policy it names.
///
/// `patterns` are the patterns there are, those that are switched off among them, so that a rule on one that is not is an
/// error; `None` where they are not known. `Err` holds every error of both files at once, with the warnings.
pub fn load(
    path: &Path,
    purpose: Purpose,
    patterns: Option<&[PatternId]>,
) -> Result<Loaded, Problems> {
    let source = Source::read(path).map_err(|problem| Problems::new(vec![*problem]))?;
    load_source(source, purpose, patterns)
}

/// [`load`], from a text at hand. Paths in it are relative to the folder of its name.
pub fn load_source(
    source: Arc<Source>,
    purpose: Purpose,
    patterns: Option<&[PatternId]>,
) -> Result<Loaded, Problems> {
    let (typed, mut problems) = typed::read(source);
    if problems.iter().any(|problem| problem.code == Code::Syntax) {
        // What the mistake swallowed would look as if it were missing.
        return Err(Problems::new(problems));
    }
    packs::check(&typed, patterns, &mut problems);
    let in_use = patterns.map(|known| typed.patterns.in_use(known));
    let (policy, of_policy) = policy::of(&typed, in_use.as_deref());
    problems.extend(of_policy);
    let config = believe::believe(typed, policy, purpose, &mut problems);
    let problems = Problems::new(problems);
    if problems.errors() > 0 {
        return Err(problems);
    }
    Ok(Loaded {
        config,
        warnings: problems,
    })
}

/// Which packs a configuration names, whatever else may be wrong with it: the patterns must be known before the rest can be
/// checked.
pub fn patterns_of(source: Arc<Source>) -> Patterns {
    typed::read(source).0.patterns
}

/// The names of all patterns that packs hold, those that are switched off among them.
pub fn pattern_ids(catalogue: &Catalogue) -> Vec<PatternId> {
    catalogue.ids().map(PatternId::new).collect()
}

/// Reads a policy alone. `Ok` holds the warnings.
pub fn load_policy(
    source: Arc<Source>,
    patterns: Option<&[PatternId]>,
) -> Result<(Policy, Problems), Problems> {
    let (typed, problems) = policy::read(source, patterns);
    let problems = Problems::new(problems);
    if problems.errors() > 0 {
        return Err(problems);
    }
    Ok((typed.policy, problems))
}

/// The policy that is shipped, `config/policy.toml`: what `sluse scan` and `sluse demo` judge by, and `sluse serve` where
/// no other is named.
pub fn shipped_policy() -> Policy {
    policy::shipped().policy
}
