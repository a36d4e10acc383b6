//! The walls, from inside: this test binary is started again, raises them around itself, and runs against each.

use std::fs::File;
use std::io::Write;
use std::net::{TcpStream, UdpSocket};
use std::os::unix::net::UnixStream;
use std::process::{self, Command};
use std::thread;

use super::*;

/// The name by which the binary runs nothing but [`inside`].
const INSIDE: &str = "inspect::sandbox::tests::inside";

/// Exit codes of [`inside`]: nobody else ends a test with them.
const CONFINED: i32 = 70;
const LOOSE: i32 = 71;

#[test]
fn nothing_can_be_opened_started_or_sent() {
    let test = std::env::current_exe().unwrap();
    let ran = Command::new(test)
        .args(["--exact", INSIDE, "--ignored", "--nocapture"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(CONFINED), "{said}");
    assert!(said.contains("seccomp"), "{said}");
}

#[test]
fn memory_beyond_the_limit_is_not_had() {
    let test = std::env::current_exe().unwrap();
    let ran = Command::new(test)
        .args(["--exact", "inspect::sandbox::tests::too_much", "--ignored"])
        .arg("--nocapture")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(said.contains("memory allocation of"), "{said}");
    assert_eq!(ran.status.code(), None, "{said}");
}

#[test]
#[ignore = "it ends the process it runs in"]
fn too_much() {
    after_threads(&mut Walls::default(), 256 << 20);
    let much = vec![1_u8; 512 << 20];
    process::exit(i32::from(much.iter().all(|octet| *octet == 1)));
}

#[test]
#[ignore = "it ends the process it runs in"]
fn inside() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "x").unwrap();
    let mut open = File::options().append(true).open(&file).unwrap();
    let mut walls = Walls::default();
    before_threads(&mut walls);
    after_threads(&mut walls, 1 << 30);
    let is_denied = [
        ("read a file", File::open(&file).is_err()),
        ("read ourselves", fs::read("/proc/self/maps").is_err()),
        ("list a folder", fs::read_dir("/").is_err()),
        (
            "make a file",
            File::create(folder.path().join("new")).is_err(),
        ),
        ("write an open file", io_write(&mut open).is_err()),
        ("remove a file", fs::remove_file(&file).is_err()),
        (
            "connect by TCP",
            TcpStream::connect("127.0.0.1:1").is_err_and(is_refused),
        ),
        (
            "send by UDP",
            UdpSocket::bind("127.0.0.1:0").is_err_and(is_refused),
        ),
        (
            "connect to a socket",
            UnixStream::connect("/run/x").is_err_and(is_refused),
        ),
        (
            "start a program",
            Command::new("/bin/true").status().is_err(),
        ),
        (
            "start a thread",
            thread::Builder::new().spawn(|| ()).is_err(),
        ),
        ("lift a limit", amounts::limit(2 << 30).is_err()),
    ];
    // Standard error is all that is left to speak by.
    for (what, _) in is_denied.iter().filter(|(_, denied)| !denied) {
        say(&format!("could {what}\n"));
    }
    say(&format!("{walls:?}\n"));
    let confined = is_denied.iter().all(|(_, denied)| *denied);
    process::exit(if confined { CONFINED } else { LOOSE });
}

/// Refused by a wall, rather than by nobody who listens.
fn is_refused(error: io::Error) -> bool {
    error.kind() == io::ErrorKind::PermissionDenied
}

fn io_write(file: &mut File) -> io::Result<()> {
    file.write_all(b"y")
}

fn say(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}
