//! Packs compiled, and their examples run, in a process of its own.
//!
//! Compiling packs takes some 60 MB, and an allocator gives little of that back where a few small things that stay lie between what
//! was freed. So the gate has it done by a process that ends with it, and keeps what packs [hold](Catalogue) alone.

use std::convert::Infallible;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde::{Deserialize, Serialize};

use crate::detect::prove;
use crate::inspect::setup::SetTold;
use crate::pattern::{Catalogue, FingerprintKey, Gravity, PackSet, Packs, Problem, lint};

/// The command by which the program is such a process.
const COMMAND: &str = "pack-worker";

/// How closely packs are looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Care {
    /// They are compiled.
    Compile,
    /// Their examples are run too, and what is doubtful in them is told.
    Prove,
}

/// Why packs are of no use.
#[derive(Debug, thiserror::Error)]
pub enum Useless {
    /// What is wrong with them, the warnings among it.
    #[error("{} problems in packs", .0.len())]
    Wrong(Vec<Problem>),
    /// The process did not answer.
    #[error("packs could not be compiled: {0}")]
    Unanswered(io::Error),
}

#[derive(Serialize, Deserialize)]
struct Order {
    set: SetTold,
    care: Care,
}

/// What the packs hold, and what is doubtful in them; or all that is wrong.
type Answer = Result<(Catalogue, Vec<ProblemTold>), Vec<ProblemTold>>;

/// A problem on its way between two processes.
#[derive(Serialize, Deserialize)]
struct ProblemTold {
    code: String,
    gravity: Gravity,
    file: Box<str>,
    span: std::ops::Range<usize>,
    message: String,
    remedy: String,
}

/// Has packs compiled by `program`, which is this one, and waits for it. Tells what they hold, and what is doubtful in them.
///
/// # Errors
///
/// When they cannot be used, or the process does not answer.
pub fn compile_apart(
    program: &Path,
    set: &PackSet,
    care: Care,
) -> Result<(Catalogue, Vec<Problem>), Useless> {
    let order = Order {
        set: SetTold::of(set),
        care,
    };
    // One that was killed, as by a system that had no memory for a moment, is not the packs' fault; one that takes too long may be.
    let answer = asked(program, &order, PATIENCE).or_else(|error| match error.kind() {
        io::ErrorKind::TimedOut => Err(error),
        _ => asked(program, &order, PATIENCE),
    });
    match answer.map_err(Useless::Unanswered)? {
        Ok((catalogue, doubts)) => Ok((catalogue, believed(doubts)?)),
        Err(wrong) => Err(Useless::Wrong(believed(wrong)?)),
    }
}

fn asked(program: &Path, order: &Order, patience: Duration) -> io::Result<Answer> {
    let mut child = Command::new(program)
        .arg0("sluse")
        .arg(COMMAND)
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let answer = match watched(&child, patience) {
        Ok(watch) => {
            let answer = ask(&mut child, order);
            match watch.end() {
                Ended::InTime => answer,
                Ended::Late => Err(io::ErrorKind::TimedOut.into()),
            }
        }
        Err(error) => Err(error),
    };
    // It has nothing more to say; where it was not understood, it is not waited for.
    if answer.is_err() {
        drop(child.kill());
    }
    let status = child.wait()?;
    match answer {
        Err(late) if late.kind() == io::ErrorKind::TimedOut => Err(late),
        _ if !status.success() => Err(io::Error::other(format!("the process ended with {status}"))),
        answer => answer,
    }
}

/// What ends a process that takes too long.
struct Watch {
    /// Dropped, it says that the process has answered.
    answered: mpsc::Sender<Infallible>,
    thread: thread::JoinHandle<Ended>,
}

/// How a process ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ended {
    InTime,
    /// It was killed.
    Late,
}

/// Watches a process, which is not to be waited for before the [end](Watch::end) of that: its number may be another's then.
fn watched(child: &Child, patience: Duration) -> io::Result<Watch> {
    let (answered, heard) = mpsc::channel();
    let pid = Pid::from_child(child);
    let watch = move || match heard.recv_timeout(patience) {
        Err(RecvTimeoutError::Timeout) => {
            // It may just have ended.
            let _ = kill_process(pid, Signal::KILL);
            Ended::Late
        }
        Err(RecvTimeoutError::Disconnected) => Ended::InTime,
        Ok(never) => match never {},
    };
    let thread = thread::Builder::new().spawn(watch)?;
    Ok(Watch { answered, thread })
}

impl Watch {
    fn end(self) -> Ended {
        drop(self.answered);
        // Nothing in it can panic.
        self.thread.join().unwrap_or(Ended::Late)
    }
}

fn ask(child: &mut Child, order: &Order) -> io::Result<Answer> {
    let piped = || io::Error::from(io::ErrorKind::BrokenPipe);
    let mut to = BufWriter::new(child.stdin.take().ok_or_else(piped)?);
    serde_json::to_writer(&mut to, order)?;
    // Dropped, it says that this is all.
    drop(to.into_inner().map_err(io::IntoInnerError::into_error)?);
    let from = child.stdout.take().ok_or_else(piped)?.take(LONGEST);
    Ok(serde_json::from_reader(BufReader::new(from))?)
}

/// How long compiling and proving may take. Fixed: 1 minute; the shipped packs take a second. Then they cannot be used.
const PATIENCE: Duration = Duration::from_secs(60);

/// The longest answer. Fixed: 256 MiB, some times what all packs together may have; a longer one is no answer.
const LONGEST: u64 = 256 << 20;

/// Compiles the packs that come on standard input, and tells on standard output what came of it.
///
/// # Errors
///
/// When nothing came that could be read, or nobody listens.
pub fn pack_worker() -> io::Result<()> {
    let order: Order = serde_json::from_reader(io::stdin().lock())?;
    let mut out = BufWriter::new(io::stdout().lock());
    serde_json::to_writer(&mut out, &done(order))?;
    out.flush()
}

fn done(order: Order) -> Answer {
    let set = order.set.believed();
    // Nothing here is fingerprinted for anybody.
    let packs = Packs::compile(&set, FingerprintKey::new([0; 32])).map_err(told)?;
    let mut problems = Vec::new();
    if order.care == Care::Prove {
        problems = prove(&packs);
        problems.extend(lint(&set));
    }
    if problems.iter().any(|it| it.gravity == Gravity::Error) {
        return Err(told(problems));
    }
    Ok((Catalogue::of(&packs), told(problems)))
}

fn told(problems: Vec<Problem>) -> Vec<ProblemTold> {
    let told = problems.into_iter().map(|problem| ProblemTold {
        code: problem.code.to_owned(),
        gravity: problem.gravity,
        file: problem.file,
        span: problem.span,
        message: problem.message,
        remedy: problem.remedy.into_owned(),
    });
    told.collect()
}

fn believed(told: Vec<ProblemTold>) -> Result<Vec<Problem>, Useless> {
    let problems = told.into_iter().map(|told| {
        Some(Problem {
            code: Problem::known(&told.code)?,
            gravity: told.gravity,
            file: told.file,
            span: told.span,
            message: told.message,
            remedy: told.remedy.into(),
        })
    });
    let problems = problems.collect::<Option<_>>();
    problems.ok_or_else(|| Useless::Unanswered(io::ErrorKind::InvalidData.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::{Origin, PackSource};

    fn answer(text: &str, care: Care) -> Answer {
        let mut set = PackSet::shipped();
        set.sources.push(PackSource {
            file: "own.toml".into(),
            text: text.to_owned().into(),
            origin: Origin::Local,
        });
        let order = Order {
            set: SetTold::of(&set),
            care,
        };
        let order = serde_json::to_vec(&order).unwrap();
        let answer = done(serde_json::from_slice(&order).unwrap());
        serde_json::from_slice(&serde_json::to_vec(&answer).unwrap()).unwrap()
    }

    #[test]
    fn the_answer_is_what_compiling_here_gives() {
        let packs = Packs::shipped(FingerprintKey::new([7; 32]));
        let order = Order {
            set: SetTold::of(packs.set()),
            care: Care::Compile,
        };
        let (catalogue, doubts) = done(order).ok().unwrap();
        assert_eq!(catalogue, Catalogue::of(&packs));
        assert!(doubts.is_empty());
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let text = "[[patterns]]\n";
        let wrong = answer(text, Care::Compile).err().unwrap();
        let wrong = believed(wrong).unwrap();
        let own = wrong.iter().find(|it| &*it.file == "own.toml").unwrap();
        assert!(own.gravity == Gravity::Error && !own.message.is_empty());
        assert!(text.get(own.span.clone()).is_some());
    }

    #[test]
    fn one_that_was_killed_is_started_once_more() {
        let folder = tempfile::tempdir().unwrap();
        let (program, was) = (folder.path().join("dies"), folder.path().join("was"));
        let answer = folder.path().join("answer");
        let order = Order {
            set: SetTold::of(&PackSet::shipped()),
            care: Care::Compile,
        };
        let done = done(order);
        std::fs::write(&answer, serde_json::to_vec(&done).unwrap()).unwrap();
        let script = format!(
            "#!/bin/sh\ncat >/dev/null\n[ -e {was:?} ] && exec cat {answer:?}\n: >{was:?}\nkill -9 $$\n"
        );
        std::fs::write(&program, script).unwrap();
        let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(&program, executable).unwrap();
        let found = compile_apart(&program, &PackSet::shipped(), Care::Compile);
        assert_eq!(found.unwrap().0, done.ok().unwrap().0);
    }

    #[test]
    fn a_process_that_hangs_is_ended() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("hangs");
        std::fs::write(&program, "#!/bin/sh\nexec sleep 600\n").unwrap();
        let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(&program, executable).unwrap();
        let order = Order {
            set: SetTold::of(&PackSet::shipped()),
            care: Care::Compile,
        };
        let answer = asked(&program, &order, Duration::from_millis(100));
        let error = answer.err().unwrap();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[test]
    fn a_process_that_does_not_answer_is_an_error() {
        for program in ["/nowhere", "/bin/false", "/bin/true"] {
            let set = PackSet::shipped();
            let useless = compile_apart(Path::new(program), &set, Care::Compile);
            let is_ours = matches!(useless, Err(Useless::Unanswered(_)));
            assert!(is_ours, "{program}");
        }
    }
}
