//! What an inspector takes away from itself before it reads its first message.
//!
//! Each wall stands for itself, so that a kernel that lacks one gives the others; which stand is told at every start. What is
//! taken away cannot be had again: not by this process, not by one it might start.

mod amounts;
mod calls;
mod files;

use std::{fmt, fs, io};

use rustix::process::{DumpableBehavior, set_dumpable_behavior};
use serde::{Deserialize, Serialize};

/// Which walls stand around an inspector.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Walls {
    /// Those that stand, each in a few fixed words: `landlock (abi 7)`.
    pub standing: Vec<String>,
    /// Those that this kernel, or what we run in, does not give, and why.
    pub missing: Vec<String>,
}

impl Walls {
    pub(super) fn note(&mut self, name: &str, raised: Result<String, impl fmt::Display>) {
        match raised {
            Ok(told) if told.is_empty() => self.standing.push(name.to_owned()),
            Ok(told) => self.standing.push(format!("{name} ({told})")),
            Err(error) => self.missing.push(format!("{name} ({error})")),
        }
    }
}

/// What only threads inherit that are started later: no files, no network, no new privileges.
pub(super) fn before_threads(walls: &mut Walls) {
    first_to_go();
    walls.note("no other descriptors", few_descriptors());
    // Nobody of the same user looks into the memory in which messages are read.
    let hidden = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    walls.note("memory hidden", hidden.map(|()| String::new()));
    let none = rustix::thread::set_no_new_privs(true);
    walls.note("no new privileges", none.map(|()| String::new()));
    walls.note("landlock", files::deny());
}

/// Where the machine runs out of memory, it is to end whoever reads one message rather than the gate, which holds all. Where it cannot
/// be told, it decides for itself.
pub(super) fn first_to_go() {
    // Above what a process has by its memory, unless that is half of the machine's (proc_pid_oom_score_adj(5)).
    drop(fs::write("/proc/self/oom_score_adj", "500"));
}

/// The descriptors an inspector needs: three of every process, and the socket.
const DESCRIPTORS: usize = 4;

/// Whether nothing was left open for us by whoever started the gate. It could not be used for much, and we cannot close it.
fn few_descriptors() -> io::Result<String> {
    // One of them is the folder itself.
    let more = fs::read_dir("/proc/self/fd")?
        .count()
        .saturating_sub(DESCRIPTORS + 1);
    if more > 0 {
        return Err(io::Error::other(format!(
            "{more} were left open by what started us"
        )));
    }
    Ok(String::new())
}

/// What holds for all threads at once, and lets none be started after it: how much of anything may be used, and which
/// system calls there are.
pub(super) fn after_threads(walls: &mut Walls, memory: u64) {
    walls.note("limits", amounts::limit(memory).map(|()| String::new()));
    walls.note("seccomp", calls::allow_few().map(|()| String::new()));
}

#[cfg(test)]
mod tests;
