//! Users of listeners: who may send by a password, read from a file of names and hashes.
//!
//! A user is a system that can be told from others neither by its network nor by a certificate. The administrator names it, and no
//! password is ever kept: what is in the file tells whether one is right, and nothing more.

mod hash;
mod problem;

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::path::Path;

use crate::users::hash::Hash;

pub use hash::HashError;
pub use problem::{BadLine, UsersError, Wrong};

/// The users of a listener. Its `Debug` tells how many there are.
pub struct Users {
    known: HashMap<Box<str>, Hash>,
    /// What the password of a user that there is not is compared with.
    nobody: Hash,
}

impl Users {
    /// Reads a file of users: a line `NAME:HASH` for each. Empty lines and those that begin with `#` say nothing.
    ///
    /// # Errors
    ///
    /// When it cannot be read, names nobody, or has a line that says nothing; every such line at once.
    pub fn read(file: &Path) -> Result<Self, UsersError> {
        let text = std::fs::read(file).map_err(|source| UsersError::Unreadable {
            file: file.into(),
            source,
        })?;
        let text = String::from_utf8(text).map_err(|_| UsersError::NotText(file.into()))?;
        let mut known = HashMap::new();
        let mut first_at = HashMap::new();
        let mut lines = Vec::new();
        for (line, text) in (1..).zip(text.lines()) {
            let text = text.trim_end();
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            match user(text) {
                Ok((name, hash)) => match first_at.entry(name) {
                    Entry::Vacant(entry) => {
                        entry.insert(line);
                        known.insert(name.into(), hash);
                    }
                    Entry::Occupied(first) => {
                        let wrong = Wrong::Twice {
                            first: *first.get(),
                        };
                        lines.push(BadLine { line, wrong });
                    }
                },
                Err(wrong) => lines.push(BadLine { line, wrong }),
            }
        }
        if !lines.is_empty() {
            let file = file.into();
            return Err(UsersError::Lines { file, lines });
        }
        let dearest = known.values().max_by_key(|hash| hash.cost());
        let nobody = dearest.map(Hash::of_nobody);
        let nobody = nobody.ok_or_else(|| UsersError::Nobody(file.into()))?;
        Ok(Self { known, nobody })
    }

    /// Whether this is the password of this user. It takes tens of milliseconds of a processor and the memory its hash asks for; for a
    /// user that there is not, as much as the dearest hash. Where all were made with the same cost, how long it takes tells nobody who is
    /// known.
    pub fn take(&self, name: &str, password: &[u8]) -> bool {
        match self.known.get(name) {
            Some(hash) => hash.is_of(password),
            None => {
                self.nobody.is_of(password);
                false
            }
        }
    }

    /// Whether this user is known here and there by the same hash: whoever was let in there would be let in here.
    pub fn agree(&self, other: &Self, name: &str) -> bool {
        let (own, others) = (self.known.get(name), other.known.get(name));
        own.is_some() && own == others
    }
}

impl fmt::Debug for Users {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Users({})", self.known.len())
    }
}

/// The line of a file of users for this name and password.
///
/// # Errors
///
/// When the name or the password is none that can be used, or there are no random numbers.
pub fn line(name: &str, password: &[u8]) -> Result<String, HashError> {
    if !is_name(name) {
        return Err(HashError::Name);
    }
    Ok(format!("{name}:{}", Hash::make(password)?))
}

fn user(line: &str) -> Result<(&str, Hash), Wrong> {
    let (name, hash) = line.split_once(':').ok_or(Wrong::NoHash)?;
    if !is_name(name) {
        return Err(Wrong::Name);
    }
    Ok((name, Hash::parse(hash)?))
}

/// Whether a user may be called this: it stands in a line of a file, and in the log.
pub fn is_name(name: &str) -> bool {
    let odd = |c: char| c == ':' || c.is_whitespace() || c.is_control();
    (1..=LONGEST_NAME).contains(&name.len()) && !name.starts_with('#') && !name.contains(odd)
}

/// The most octets of the name of a user.
const LONGEST_NAME: usize = 255;

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Users, UsersError> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        Users::read(file.path())
    }

    #[test]
    fn a_user_is_known_by_its_own_password_alone() {
        let one = line("fagsystem", b"et langt kodeord").unwrap();
        let other = line("scanner@filial", "et andet, med æ".as_bytes()).unwrap();
        assert!(one.starts_with("fagsystem:$argon2id$v=19$m=19456,t=2,p=1$"));
        let users = read(&format!("# systems\n\n{one}\n{other}\r\n")).unwrap();
        assert!(users.take("fagsystem", b"et langt kodeord"));
        assert!(users.take("scanner@filial", "et andet, med æ".as_bytes()));
        for (name, password) in [
            ("fagsystem", &b"et andet kodeord"[..]),
            ("fagsystem", b"et langt kodeord\n"),
            ("fagsystem", b""),
            ("Fagsystem", b"et langt kodeord"),
            ("nobody", b"et langt kodeord"),
            ("", b""),
        ] {
            assert!(!users.take(name, password), "{name}");
        }
        assert_eq!(format!("{users:?}"), "Users(2)");
    }

    #[test]
    fn a_user_whose_hash_was_exchanged_is_another() {
        let [one, other] = [(); 2].map(|()| line("fagsystem", b"et langt kodeord").unwrap());
        let (one, other) = (read(&one).unwrap(), read(&other).unwrap());
        assert!(one.agree(&one, "fagsystem"));
        assert!(!one.agree(&other, "fagsystem"));
        assert!(!one.agree(&one, "nobody"));
    }

    #[test]
    fn every_line_that_says_nothing_is_told_without_its_hash() {
        let good = line("fagsystem", b"et langt kodeord").unwrap();
        let hash = good.split_once(':').unwrap().1;
        let lines = [
            good.clone(),
            "fagsystem".to_owned(),
            format!("two words:{hash}"),
            format!(":{hash}"),
            good.clone(),
            "clear:et langt kodeord".to_owned(),
            "empty:".to_owned(),
            format!("older:{}", hash.replace("argon2id", "argon2i")),
            "crypt:$6$salt$hash".to_owned(),
            format!("dear:{}", hash.replace("m=19456", "m=4194304")),
            format!("slow:{}", hash.replace("t=2", "t=1000")),
            format!("short:{}", hash.rsplit_once('$').unwrap().0),
            format!("cut:{}", hash.get(..hash.len() - 30).unwrap()),
        ];
        let Err(UsersError::Lines { lines, .. }) = read(&lines.join("\n")) else {
            panic!("not lines");
        };
        let found: Vec<_> = lines.iter().map(|it| (it.line, it.wrong)).collect();
        assert_eq!(
            found,
            [
                (2, Wrong::NoHash),
                (3, Wrong::Name),
                (4, Wrong::Name),
                (5, Wrong::Twice { first: 1 }),
                (6, Wrong::NotPhc),
                (7, Wrong::NotPhc),
                (8, Wrong::OtherKind),
                (9, Wrong::OtherKind),
                (10, Wrong::TooDear),
                (11, Wrong::TooDear),
                (12, Wrong::Cut),
                (13, Wrong::Cut),
            ]
        );
        assert!(matches!(read("# nobody\n"), Err(UsersError::Nobody(_))));
    }

    #[test]
    fn what_is_no_name_or_no_password_makes_no_line() {
        let long = "x".repeat(HashError::MOST + 1);
        for (name, password, error) in [
            ("two words", "secret", HashError::Name),
            ("a:b", "secret", HashError::Name),
            ("#a", "secret", HashError::Name),
            ("", "secret", HashError::Name),
            ("a", "", HashError::Empty),
            ("a", "null\0", HashError::Control),
            ("a", &long, HashError::TooLong),
        ] {
            assert_eq!(line(name, password.as_bytes()), Err(error), "{name}");
        }
    }
}
