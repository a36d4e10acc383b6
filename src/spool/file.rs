//! Files that nobody else can open, and that are gone when they are closed, whatever ends us.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::path::Path;

use rustix::fs::{MemfdFlags, Mode, OFlags};
use rustix::io::Errno;

/// A file in memory that can be sealed.
pub(super) fn in_memory() -> io::Result<File> {
    let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    Ok(rustix::fs::memfd_create("sluse-message", flags)?.into())
}

/// A file in `folder` that has no name.
pub(super) fn unlinked(folder: &Path) -> io::Result<File> {
    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    match rustix::fs::open(folder, flags, OWNER) {
        Ok(descriptor) => Ok(descriptor.into()),
        // What kernels and file systems without O_TMPFILE answer (open(2)).
        Err(Errno::OPNOTSUPP | Errno::ISDIR | Errno::NOENT | Errno::INVAL) => named(folder),
        Err(error) => Err(error.into()),
    }
}

/// A file whose name is taken away at once.
fn named(folder: &Path) -> io::Result<File> {
    let mut chance = [0; 16];
    getrandom::fill(&mut chance).map_err(io::Error::other)?;
    let path = folder.join(format!(".sluse-{:032x}", u128::from_ne_bytes(chance)));
    let flags = OFlags::CREATE | OFlags::EXCL | OFlags::RDWR | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    let descriptor = rustix::fs::open(&path, flags, OWNER)?;
    std::fs::remove_file(&path)?;
    Ok(descriptor.into())
}

/// The same file, opened so that nobody who is handed the descriptor can change it.
pub(super) fn read_only(file: &File) -> io::Result<File> {
    let path = format!("/proc/self/fd/{}", file.as_raw_fd());
    let flags = OFlags::RDONLY | OFlags::CLOEXEC;
    Ok(rustix::fs::open(path, flags, Mode::empty())?.into())
}

/// Nobody but our own user.
const OWNER: Mode = Mode::RUSR.union(Mode::WUSR);

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Seek, Write};

    #[test]
    fn neither_way_leaves_a_name_behind() {
        let folder = tempfile::tempdir().unwrap();
        for make in [unlinked, named] {
            let mut file = make(folder.path()).unwrap();
            file.write_all(b"kept").unwrap();
            file.rewind().unwrap();
            let mut read = String::new();
            file.read_to_string(&mut read).unwrap();
            assert_eq!(read, "kept");
            let mut same = read_only(&file).unwrap();
            let mut read = String::new();
            same.read_to_string(&mut read).unwrap();
            assert_eq!(read, "kept");
            assert!(same.write_all(b"changed").is_err() && same.set_len(0).is_err());
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        }
    }
}
