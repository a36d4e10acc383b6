//! A service manager starts us: it is told what we do, it may have listened before us, and it is told the truth by the watchdog.

use std::fs::{self, Metadata};
use std::net::TcpListener;
use std::os::fd::AsRawFd;
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::UnixDatagram;
use std::process::Command;
use std::time::Duration;

use rustix::io::{FdFlags, fcntl_setfd};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::client::Client;
use super::guard::Guard;
use super::hop::Hop;
use super::{CITIZEN, CLEAN, TAKEN};
use crate::port::free_port;

/// What it hears: datagrams of lines.
struct Manager(UnixDatagram);

impl Manager {
    /// The next that says this, and whatever is said beside it.
    fn hears(&self, line: &str) -> String {
        loop {
            let told = self.next();
            if told.lines().any(|told| told == line) {
                return told;
            }
            assert_eq!(told.trim(), "WATCHDOG=1", "before {line}");
        }
    }

    /// The next that begins so.
    fn hears_of(&self, front: &str) -> String {
        loop {
            let told = self.next();
            if told.lines().any(|told| told.starts_with(front)) {
                return told;
            }
        }
    }

    fn next(&self) -> String {
        let mut told = [0; 4096];
        let len = self.0.recv(&mut told).unwrap();
        String::from_utf8(told[..len].to_vec()).unwrap()
    }
}

#[test]
fn it_is_told_what_happens() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("notify");
    let manager = Manager(UnixDatagram::bind(&socket).unwrap());
    let patience = Some(Duration::from_secs(10));
    manager.0.set_read_timeout(patience).unwrap();
    let mut guard = Guard::run(normal.port, secure.port, &[], |program| {
        let mut command = Command::new(program);
        command.env("NOTIFY_SOCKET", &socket);
        command.env("WATCHDOG_USEC", "400000");
        command
    });
    let ready = manager.hears("READY=1");
    assert!(
        ready.contains("STATUS=messages are taken; packs "),
        "{ready}"
    );
    assert_eq!(guard.client().send(&[CITIZEN], CLEAN), TAKEN);
    for _ in 0..3 {
        manager.hears("WATCHDOG=1");
    }

    for (level, told) in [
        ("debug", "configuration exchanged"),
        (
            "loud",
            "the configuration was not exchanged: the one in force stays",
        ),
    ] {
        guard.tell(&[&format!("log.level = \"{level}\"")]);
        guard.ask_to_reload();
        let reloading = manager.hears("RELOADING=1");
        let since = reloading
            .lines()
            .find_map(|line| line.strip_prefix("MONOTONIC_USEC="));
        assert!(since.unwrap().parse::<u64>().unwrap() > 0);
        manager.hears("READY=1");
        guard.told_once(told);
    }

    // A message under way keeps it alive, and so does the watchdog it feeds.
    let mut client = guard.client();
    client.begin(&[CITIZEN]);
    client.say("Subject: x\r\n");
    guard.ask_to_stop();
    manager.hears("STOPPING=1");
    for _ in 0..3 {
        manager.hears("WATCHDOG=1");
    }
    assert_eq!(client.finish("\r\ny\r\n"), TAKEN);
    assert!(guard.ended().success());
}

/// Starts the program with this socket as a service manager hands it over: as descriptor 3.
fn handing(socket: &TcpListener) -> impl Fn(&str) -> Command {
    fcntl_setfd(socket, FdFlags::empty()).unwrap();
    let number = socket.as_raw_fd();
    move |program| {
        let move_it = if number == 3 {
            String::new()
        } else {
            format!("exec 3<&{number}-; ")
        };
        let mut command = Command::new("bash");
        let script =
            format!("{move_it}LISTEN_FDS=1 LISTEN_PID=$$ LISTEN_FDNAMES=smtp exec \"$0\" \"$@\"");
        command.args(["-c", &script, program]);
        command
    }
}

/// What is told of inspectors that are ready.
fn walls(guard: &Guard) -> String {
    let mut entries = guard.entries().into_iter();
    let is_it = |entry: &Value| entry["missing"].is_string() || entry["standing"].is_string();
    let ready = entries.find(is_it).unwrap();
    format!("{} but {}", ready["standing"], ready["missing"])
}

#[test]
fn whoever_connects_before_it_is_there_is_served() {
    let (normal, secure) = (Hop::start(), Hop::start());
    // Whoever started the tests may have left something open too.
    let usual = walls(&Guard::between(&normal, &secure));
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    let early = std::thread::spawn(move || {
        let mut client = Client::greeted(address);
        client.send(&[CITIZEN], CLEAN)
    });
    let listen = format!("listen.addresses = [\"{address}\"]");
    let mut guard = Guard::run(normal.port, secure.port, &[&listen], handing(&socket));
    assert_eq!(early.join().unwrap(), TAKEN);
    // No inspector has it.
    assert_eq!(walls(&guard), usual);

    // It is gone for a moment, and nobody is told so.
    guard.kill();
    let waiting = std::thread::spawn(move || {
        let mut client = Client::greeted(address);
        client.send(&[CITIZEN], CLEAN)
    });
    guard.resume_by(handing(&socket));
    assert_eq!(waiting.join().unwrap(), TAKEN);
    assert_eq!(normal.messages().len(), 2);
}

#[test]
fn a_socket_that_nobody_knows_is_an_error() {
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sluse.toml");
    let config = format!(
        "listen.addresses = [\"127.0.0.1:{}\"]\nroute.secure.next_hop = \"127.0.0.1:1\"\nroute.secure.tls = \"off\"\n\
         incident.database = \"incidents.db\"\nocr.program = \"\"\ninspect.workers = 1\n",
        free_port()
    );
    fs::write(&file, config).unwrap();
    let mut command = handing(&socket)(env!("CARGO_BIN_EXE_sluse"));
    let ran = command.args(["serve", "-c"]).arg(&file).output().unwrap();
    assert_eq!(ran.status.code(), Some(2));
    let said = String::from_utf8(ran.stderr).unwrap();
    let address = socket.local_addr().unwrap();
    assert!(
        said.contains(&format!("the service manager listens on {address}, which")),
        "{said}"
    );
}

#[test]
fn its_journal_is_told_how_grave_each_line_is_and_it_why_we_did_not_start() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("notify");
    let manager = Manager(UnixDatagram::bind(&socket).unwrap());
    let patience = Some(Duration::from_secs(30));
    manager.0.set_read_timeout(patience).unwrap();
    let (file, journal) = (folder.path().join("sluse.toml"), folder.path().join("log"));
    let started = |more: &str, of: &dyn Fn(&Metadata) -> String| {
        let (normal, secure) = (free_port(), free_port());
        let config = format!(
            "listen.addresses = [\"127.0.0.1:0\"]\nroute.normal.next_hop = \"127.0.0.1:{normal}\"\n\
             route.secure.next_hop = \"127.0.0.1:{secure}\"\nroute.secure.tls = \"off\"\n\
             incident.database = \"incidents.db\"\nocr.program = \"\"\ninspect.workers = 1\n{more}"
        );
        fs::write(&file, config).unwrap();
        let log = fs::File::create(&journal).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_sluse"));
        command.args(["serve", "-c"]).arg(&file);
        command.env("NOTIFY_SOCKET", &socket);
        command.env("JOURNAL_STREAM", of(&log.metadata().unwrap()));
        command.stderr(log).spawn().unwrap()
    };
    let stream = |log: &Metadata| format!("{}:{}", log.dev(), log.ino());
    let said = || fs::read_to_string(&journal).unwrap();

    let mut running = started("", &stream);
    manager.hears_of("READY=1");
    kill_process(Pid::from_child(&running), Signal::TERM).unwrap();
    assert!(running.wait().unwrap().success());
    let lines = said();
    let fronts = |front: &str| lines.lines().filter(|line| line.starts_with(front)).count();
    assert!(fronts("<4>") > 0 && fronts("<6>") > 0, "{lines}");
    assert_eq!(fronts("<"), lines.lines().count(), "{lines}");

    let ended = started("limits.tme.verdict = \"1s\"", &stream)
        .wait()
        .unwrap();
    assert_eq!(ended.code(), Some(2));
    let why = manager.hears_of("STATUS=not running: error[C003]");
    assert!(why.contains("`tme` is no key of [limits]"), "{why}");
    assert!(
        said().lines().all(|line| line.starts_with("<3>")),
        "{}",
        said()
    );

    // Whoever turned its output into a file reads it plainly.
    started("limits.tme.verdict = \"1s\"", &|_| "1:1".to_owned())
        .wait()
        .unwrap();
    assert!(said().starts_with("sluse: not started"), "{}", said());
}
