//! One hash of a password: argon2id (RFC 9106), as a PHC string.

use std::fmt;

use argon2::password_hash::phc::{Output, PasswordHash};
use argon2::{ARGON2ID_IDENT, Argon2, Params, PasswordHasher, PasswordVerifier};

use crate::users::Wrong;

/// What tells whether a password is right. Its `Debug` tells nothing.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Hash(PasswordHash);

/// Why no hash is made of a password.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum HashError {
    /// What is no name of a user.
    #[error("a user is named by 1 to 255 octets without blanks and colons, and not begun with `#`")]
    Name,
    /// There is none.
    #[error("there is no password")]
    Empty,
    /// A client could not tell it.
    #[error("the password is longer than {} octets", HashError::MOST)]
    TooLong,
    /// A line ending or a control character in it, which no mechanism can tell.
    #[error("the password is more than one line, or has a control character in it")]
    Control,
    /// The system gave no random numbers, or no memory.
    #[error("no hash could be made: no random numbers, or no memory")]
    Failed,
}

impl HashError {
    /// The most octets of a password.
    pub const MOST: usize = 1024;
}

impl Hash {
    /// A hash with a salt of its own, by the parameters that OWASP recommends: 19 MiB, two passes.
    pub(super) fn make(password: &[u8]) -> Result<Self, HashError> {
        if password.is_empty() {
            return Err(HashError::Empty);
        }
        if password.len() > HashError::MOST {
            return Err(HashError::TooLong);
        }
        if password.iter().any(u8::is_ascii_control) {
            return Err(HashError::Control);
        }
        let mut salt = [0; argon2::RECOMMENDED_SALT_LEN];
        getrandom::fill(&mut salt).map_err(|_| HashError::Failed)?;
        let hash = Argon2::default().hash_password_with_salt(password, &salt);
        hash.map(Self).map_err(|_| HashError::Failed)
    }

    /// Reads one that somebody else may have made.
    pub(super) fn parse(text: &str) -> Result<Self, Wrong> {
        if !text.starts_with('$') {
            return Err(Wrong::NotPhc);
        }
        let kind = text.split('$').nth(1).unwrap_or_default();
        if kind != ARGON2ID_IDENT.as_str() {
            return Err(Wrong::OtherKind);
        }
        let hash = PasswordHash::new(text).map_err(|_| Wrong::Cut)?;
        let (Some(_), Some(output)) = (&hash.salt, &hash.hash) else {
            return Err(Wrong::Cut);
        };
        if output.len() < LEAST_OUTPUT {
            return Err(Wrong::Cut);
        }
        let params = Params::try_from(&hash).map_err(|_| Wrong::Parameters)?;
        if params.m_cost() > MOST_MEMORY || params.t_cost() > MOST_PASSES {
            return Err(Wrong::TooDear);
        }
        Ok(Self(hash))
    }

    /// One that takes as long to compare with, and is of no password anybody knows.
    pub(super) fn of_nobody(&self) -> Self {
        // To find a password for it is to find one for a given hash, which is what argon2id is made against.
        let output = Output::new(&[0; LEAST_OUTPUT * 2]).ok();
        Self(PasswordHash {
            hash: output,
            ..self.0.clone()
        })
    }

    /// How much work it is to compare a password with it: memory and passes.
    pub(super) fn cost(&self) -> u64 {
        let params = Params::try_from(&self.0).unwrap_or_default();
        u64::from(params.m_cost()) * u64::from(params.t_cost())
    }

    /// Whether it is of this password. Which octets differ does not change how long that takes.
    pub(super) fn is_of(&self, password: &[u8]) -> bool {
        let known = Argon2::default().verify_password(password, &self.0);
        known.is_ok()
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hash")
    }
}

/// The most memory that comparing may take, in KiB: 256 MiB, of which every processor may use as much. A hash that asks for more is
/// refused when the file is read.
const MOST_MEMORY: u32 = 256 << 10;

/// The most passes over that memory; refused likewise.
const MOST_PASSES: u32 = 16;

/// The fewest octets of a hash: with fewer, another password is too likely to be taken.
const LEAST_OUTPUT: usize = 16;
