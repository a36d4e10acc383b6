//! The key that persons are fingerprinted with, kept apart from the database.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::pattern::FingerprintKey;

/// Why the key cannot be used. The administrator mends it; nothing starts without it.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read.
    #[error("the key file {0} cannot be read: {1}")]
    Unread(PathBuf, io::Error),
    /// The file cannot be made.
    #[error("the key file {0} cannot be made: {1}")]
    Unmade(PathBuf, io::Error),
    /// Others than its owner may read it.
    #[error("the key file {0} may be read by others; take that away with `chmod 600 {0}`")]
    Exposed(PathBuf),
    /// It is not what we would have written.
    #[error(
        "the key file {0} holds no key, which is 64 hexadecimal digits; restore it from a copy"
    )]
    Malformed(PathBuf),
    /// The system gives no random numbers.
    #[error("the system gives no random numbers for a key: {0}")]
    NoChance(getrandom::Error),
}

/// Reads the key, or makes one where there is no file: 32 random octets, mode 0600, durable.
pub fn load_or_create(path: &Path) -> Result<FingerprintKey, KeyError> {
    match load(path) {
        Err(KeyError::Unread(_, error)) if error.kind() == io::ErrorKind::NotFound => {
            create(path)?;
            load(path)
        }
        loaded => loaded,
    }
}

fn load(path: &Path) -> Result<FingerprintKey, KeyError> {
    let unread = |error| KeyError::Unread(path.to_owned(), error);
    let malformed = || KeyError::Malformed(path.to_owned());
    let file = File::open(path).map_err(unread)?;
    if file.metadata().map_err(unread)?.mode() & 0o077 != 0 {
        return Err(KeyError::Exposed(path.to_owned()));
    }
    let mut text = Zeroizing::new(String::new());
    file.take(100)
        .read_to_string(&mut text)
        .map_err(|_| malformed())?;
    let digits = text.trim_end();
    let mut octets = Zeroizing::new([0_u8; 32]);
    if digits.len() != 64 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Err(malformed());
    }
    for (octet, at) in octets.iter_mut().zip((0..64).step_by(2)) {
        *octet = digits
            .get(at..at + 2)
            .and_then(|pair| u8::from_str_radix(pair, 16).ok())
            .ok_or_else(malformed)?;
    }
    Ok(FingerprintKey::new(*octets))
}

/// Makes the file whole or not at all: it is written beside its place and then linked there, which fails where another
/// process was quicker; then that one's key is the key.
fn create(path: &Path) -> Result<(), KeyError> {
    let unmade = |error| KeyError::Unmade(path.to_owned(), error);
    let mut octets = Zeroizing::new([0_u8; 32]);
    getrandom::fill(&mut *octets).map_err(KeyError::NoChance)?;
    let mut text = Zeroizing::new(String::with_capacity(65));
    for octet in octets.iter() {
        for digit in [octet >> 4, octet & 15] {
            text.extend(char::from_digit(u32::from(digit), 16));
        }
    }
    text.push('\n');
    let beside = path.with_extension(format!("new-{}", std::process::id()));
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&beside)
        .and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        })
        .and_then(|()| match fs::hard_link(&beside, path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            linked => linked,
        });
    let removed = fs::remove_file(&beside);
    written.and(removed).map_err(unmade)?;
    sync_folder(path).map_err(unmade)
}

/// Makes the name of a new file as durable as the file.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
        _ => File::open(".")?.sync_all(),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_key_is_made_once_and_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sluse.key");
        let first = load_or_create(&path).unwrap();
        let second = load_or_create(&path).unwrap();
        assert_eq!(first.exposed(), second.exposed());
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_key_that_is_not_good_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sluse.key");
        for text in ["", "00", &"g".repeat(64), &"é".repeat(32), &"+1".repeat(32)] {
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
            let error = load_or_create(&path).unwrap_err();
            assert!(matches!(error, KeyError::Malformed(_)), "{error}");
            assert!(error.to_string().contains("sluse.key"));
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(load_or_create(&path), Err(KeyError::Exposed(_))));
        let nowhere = folder.path().join("no/sluse.key");
        assert!(matches!(
            load_or_create(&nowhere),
            Err(KeyError::Unmade(..))
        ));
    }
}
