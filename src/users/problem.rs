//! What is wrong with a file of users.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why a file of users is no use: the administrator is at fault. None quotes a line, for it may hold what should be secret.
#[derive(Debug, thiserror::Error)]
pub enum UsersError {
    /// It cannot be read.
    #[error("{}: it cannot be read: {source}", .file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is not text.
    #[error("{}: it is no text in UTF-8", .0.display())]
    NotText(PathBuf),
    /// There is no user in it.
    #[error("{}: it names no user, so nobody could authenticate", .0.display())]
    Nobody(PathBuf),
    /// Lines that say nothing.
    #[error("{}", all(.file, .lines))]
    Lines {
        /// The file.
        file: PathBuf,
        /// Each of them, and at least one.
        lines: Vec<BadLine>,
    },
}

/// A line that says nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BadLine {
    /// Its number, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub wrong: Wrong,
}

/// What is wrong with a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Wrong {
    /// Nothing but a name.
    #[error("a line is `NAME:HASH`, and this has no colon")]
    NoHash,
    /// What is no name.
    #[error("no user can be named so: a name is 1 to 255 octets without blanks")]
    Name,
    /// A user that stands above.
    #[error("this user stands on line {first} already")]
    Twice {
        /// Where.
        first: usize,
    },
    /// No hash at all; perhaps a password.
    #[error("what stands behind the colon is no hash: one begins with `$argon2id$`")]
    NotPhc,
    /// A hash of a kind that is not taken.
    #[error("this hash is of another kind: only argon2id is taken")]
    OtherKind,
    /// A hash that is not whole.
    #[error("this hash is not whole: `$argon2id$v=19$m=..,t=..,p=..$SALT$HASH`")]
    Cut,
    /// Parameters that contradict each other.
    #[error("this hash has parameters that argon2id cannot work with")]
    Parameters,
    /// Parameters with which a few clients could take up the whole machine.
    #[error(
        "this hash takes too much to compare with: at most 256 MiB (m=262144) and 16 passes (t=16) are spent"
    )]
    TooDear,
}

impl Wrong {
    fn remedy(self) -> &'static str {
        match self {
            Self::Name => "name the system, for example `fagsystem` or `scanner@kommune.example`",
            Self::Twice { .. } => "remove one of the two",
            Self::NoHash
            | Self::NotPhc
            | Self::OtherKind
            | Self::Cut
            | Self::Parameters
            | Self::TooDear => {
                "write the line anew: `sluse hash-password NAME` asks for the password and prints it"
            }
        }
    }
}

impl UsersError {
    /// Each thing that is wrong, and what to do; of many lines the first twenty, and how many more there are.
    pub fn each(&self) -> Vec<(String, &'static str)> {
        match self {
            Self::Lines { file, lines } => {
                let told = lines.iter().take(TOLD);
                let told = told.map(|it| (it.in_file(file), it.wrong.remedy()));
                let more = lines.len().saturating_sub(TOLD);
                let more = (more > 0).then(|| {
                    let told = format!("{}: {more} more lines say nothing", file.display());
                    (told, "see whether this is the file that was meant")
                });
                told.chain(more).collect()
            }
            Self::Unreadable { .. } => vec![(
                self.to_string(),
                "name a file that the user Sluse runs as can read, or let it be read by a group of that user",
            )],
            Self::NotText(_) | Self::Nobody(_) => vec![(
                self.to_string(),
                "write a line for each user: `sluse hash-password NAME` asks for the password and prints it",
            )],
        }
    }

    /// Whether it only could not be read by whoever runs this: another user may.
    pub fn is_denied(&self) -> bool {
        matches!(self, Self::Unreadable { source, .. } if source.kind() == io::ErrorKind::PermissionDenied)
    }
}

impl BadLine {
    fn in_file(&self, file: &Path) -> String {
        format!("{}:{}: {}", file.display(), self.line, self.wrong)
    }
}

fn all(file: &Path, lines: &[BadLine]) -> impl fmt::Display {
    let told = lines.iter().take(TOLD).map(|it| it.in_file(file));
    let told = told.collect::<Vec<_>>().join("; ");
    match lines.len().saturating_sub(TOLD) {
        0 => told,
        more => format!("{told}; and {more} more lines"),
    }
}

/// The most lines that are told one by one. Of a file that is none of users, every line is wrong.
const TOLD: usize = 20;
