//! What Tesseract may do: be executed, read itself, its libraries and its data, take a picture and give a text. Nothing else.

mod calls;
mod elf;

use std::path::{Path, PathBuf};

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, LandlockStatus, PathBeneath, PathFd,
    Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetError, RulesetStatus, Scope,
};
use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

use crate::inspect::Walls;

/// Raises all walls around this process, and whatever it becomes.
pub(super) fn raise(walls: &mut Walls, program: &Path, memory: u64, seconds: u64) {
    // Executing a program makes memory visible again; until then nobody needs to see ours.
    let hidden = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    let none = rustix::thread::set_no_new_privs(true);
    walls.note(
        "no new privileges",
        hidden.and(none).map(|()| String::new()),
    );
    walls.note("landlock", files(program));
    walls.note("limits", limit(memory, seconds).map(|()| String::new()));
    walls.note("seccomp", calls::allow().map(|()| String::new()));
}

/// Why there is no Landlock.
#[derive(Debug, thiserror::Error)]
enum Unlocked {
    #[error(transparent)]
    Ruleset(#[from] RulesetError),
    #[error("this kernel has none, or it is not switched on")]
    Absent,
}

/// Lets two files be executed, the program and the loader it names, and a few folders be read.
fn files(program: &Path) -> Result<String, Unlocked> {
    let newest = ABI::V9;
    let mut rules = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(newest))?
        .handle_access(AccessNet::from_all(newest))?
        .scope(Scope::from_all(newest))?
        .create()?;
    let loader = elf::loader(program);
    for path in [Some(program.to_owned()), loader].into_iter().flatten() {
        // What is not there cannot be executed either.
        if let Ok(file) = PathFd::new(path) {
            let access = AccessFs::Execute | AccessFs::ReadFile;
            rules = rules.add_rule(PathBeneath::new(file, access))?;
        }
    }
    for path in read_only(program) {
        let Ok(opened) = PathFd::new(&path) else {
            continue;
        };
        let access = if path.is_dir() {
            AccessFs::ReadFile | AccessFs::ReadDir
        } else {
            AccessFs::ReadFile.into()
        };
        rules = rules.add_rule(PathBeneath::new(opened, access))?;
    }
    let status = rules.restrict_self()?;
    match status.landlock {
        LandlockStatus::Available { effective_abi, .. }
            if status.ruleset != RulesetStatus::NotEnforced =>
        {
            Ok(format!("abi {}", effective_abi as u8))
        }
        _ => Err(Unlocked::Absent),
    }
}

/// What may be read: libraries, and the data of languages beside the program: `/usr/share/tesseract-ocr` of `/usr/bin/tesseract`.
fn read_only(program: &Path) -> Vec<PathBuf> {
    let libraries = ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib"];
    let loading = ["/etc/ld.so.cache", "/etc/ld.so.preload"];
    let of_system = libraries.into_iter().chain(loading).map(PathBuf::from);
    let prefix = program.parent().and_then(Path::parent);
    let data = [
        "share/tesseract-ocr",
        "share/tessdata",
        "share/tesseract",
        "lib",
    ];
    let beside = data.iter().filter_map(|it| Some(prefix?.join(it)));
    of_system.chain(beside).collect()
}

/// How much of anything it may use. Files it cannot write, not even those it has open.
fn limit(memory: u64, seconds: u64) -> rustix::io::Result<()> {
    for (resource, most) in [
        (Resource::As, memory),
        (Resource::Cpu, seconds),
        (Resource::Nofile, DESCRIPTORS),
        (Resource::Nproc, 0),
        (Resource::Fsize, 0),
        (Resource::Core, 0),
    ] {
        let limit = Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        setrlimit(resource, limit)?;
    }
    Ok(())
}

/// Three pipes, and the files it reads one after the other.
const DESCRIPTORS: u64 = 32;
