//! The program under test, as an administrator starts it: a configuration in a folder, a process, a log.

use std::fs;
use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use sluse::incident::{EventKind, Facts, Filter, Reader, Summary};
use tempfile::TempDir;

use super::PATIENCE;
use super::client::Client;
use super::hop::Hop;
use crate::port::free_port;

/// A running guard between two next hops. It ends with the test, and must not have met a mistake of its own.
pub(super) struct Guard {
    folder: TempDir,
    address: SocketAddr,
    child: Option<Child>,
}

/// What every test tells it. Kept in one key a line, so that a test can tell it otherwise.
const CONFIG: &str = r#"
host_name = "sluse.kommune.example"
listen.addresses = ["127.0.0.1:0"]
route.secure.tls = "off"
policy.file = "policy.toml"
incident.database = "incidents.db"
incident.key = "incidents.key"
log.format = "json"
"#;

/// The shipped policy: CPR numbers go by the secure route, in the subject they are refused.
const POLICY: &str = include_str!("../../config/policy.toml");

impl Guard {
    pub(super) fn between(normal: &Hop, secure: &Hop) -> Self {
        Self::with(normal.port, secure.port, &[])
    }

    /// Starts one between these two ports, told these keys besides or otherwise.
    pub(super) fn with(normal: u16, secure: u16, keys: &[&str]) -> Self {
        Self::run(normal, secure, keys, |program| Command::new(program))
    }

    /// Starts one that speaks LMTP alone.
    pub(super) fn by_lmtp(normal: u16, secure: u16, keys: &[&str]) -> Self {
        let listen = [
            "listen.addresses = []",
            "listen.lmtp_addresses = [\"127.0.0.1:0\"]",
        ];
        Self::with(normal, secure, &[&listen, keys].concat())
    }

    /// Starts one by a command of the test's own that runs this program.
    pub(super) fn run(
        normal: u16,
        secure: u16,
        keys: &[&str],
        command: impl Fn(&str) -> Command,
    ) -> Self {
        let mut guard = Self::prepared(normal, secure, keys);
        guard.start(command(env!("CARGO_BIN_EXE_sluse")));
        guard
    }

    /// Starts one that cannot write a line of its log.
    pub(super) fn unheard(normal: &Hop, secure: &Hop, keys: &[&str]) -> Self {
        let port = free_port();
        let listen = format!("listen.addresses = [\"127.0.0.1:{port}\"]");
        let keys = [keys, &[&listen]].concat();
        let mut guard = Self::prepared(normal.port, secure.port, &keys);
        guard.address.set_port(port);
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        guard.spawn(Command::new(env!("CARGO_BIN_EXE_sluse")), full);
        guard.wait_until("somebody to listen", Self::listens);
        guard
    }

    fn prepared(normal: u16, secure: u16, keys: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config: Vec<String> = CONFIG.lines().map(str::to_owned).collect();
        config.push(format!("route.normal.next_hop = \"127.0.0.1:{normal}\""));
        config.push(format!("route.secure.next_hop = \"127.0.0.1:{secure}\""));
        for told in keys {
            let (key, _) = told.split_once('=').unwrap();
            config.retain(|line| !line.starts_with(key));
            config.push((*told).to_owned());
        }
        fs::write(folder.path().join("sluse.toml"), config.join("\n")).unwrap();
        let policy = POLICY.replacen("inside = []", "inside = [\"kommune.example\"]", 1);
        assert_ne!(policy, POLICY);
        fs::write(folder.path().join("policy.toml"), policy).unwrap();
        Self {
            folder,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            child: None,
        }
    }

    /// Tells it these keys besides or otherwise, when it next reads its configuration.
    pub(super) fn tell(&self, keys: &[&str]) {
        let config = fs::read_to_string(self.path("sluse.toml")).unwrap();
        let mut config: Vec<String> = config.lines().map(str::to_owned).collect();
        for told in keys {
            let (key, _) = told.split_once('=').unwrap();
            config.retain(|line| !line.starts_with(key));
            config.push((*told).to_owned());
        }
        self.write("sluse.toml", &config.join("\n"));
    }

    /// Writes a file of its folder as an administrator should: one that is half written is never read.
    pub(super) fn write(&self, name: &str, text: &str) {
        let new = self.path("new");
        fs::write(&new, text).unwrap();
        fs::rename(new, self.path(name)).unwrap();
    }

    /// Starts it again, after it was killed.
    pub(super) fn resume(&mut self) {
        self.start(Command::new(env!("CARGO_BIN_EXE_sluse")));
    }

    /// The same, by a command of the test's own.
    pub(super) fn resume_by(&mut self, command: impl Fn(&str) -> Command) {
        self.start(command(env!("CARGO_BIN_EXE_sluse")));
    }

    fn start(&mut self, command: Command) {
        let earlier = self.entries().len();
        let log = fs::File::options()
            .create(true)
            .append(true)
            .open(self.path("log"))
            .unwrap();
        self.spawn(command, log);
        let address = self.wait("listening", |guard| {
            let entries = guard.entries().split_off(earlier);
            let entry = entries
                .into_iter()
                .find(|it| it["message"] == "listening")?;
            Some(entry["address"].as_str().unwrap().to_owned())
        });
        self.address = address.parse().unwrap();
    }

    fn spawn(&mut self, mut command: Command, log: fs::File) {
        let child = command
            .args(["serve", "-c"])
            .arg(self.path("sluse.toml"))
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        self.child = Some(child);
    }

    /// A client that was greeted and has said EHLO.
    pub(super) fn client(&self) -> Client {
        Client::greeted(self.address)
    }

    /// A client that speaks LMTP.
    pub(super) fn lmtp_client(&self) -> Client {
        Client::greeted_by_lmtp(self.address)
    }

    /// A client, once everything that this next hop offers is offered to it.
    pub(super) fn client_offered(&self, keyword: &str) -> Client {
        self.wait(keyword, |guard| {
            let client = guard.client();
            client.offers(keyword).then_some(client)
        })
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whether anybody can connect.
    pub(super) fn listens(&self) -> bool {
        std::net::TcpStream::connect(self.address).is_ok()
    }

    /// A file of its folder.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The whole log.
    pub(super) fn log(&self) -> String {
        fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    /// The lines of the log that are whole.
    pub(super) fn entries(&self) -> Vec<Value> {
        let log = self.log();
        let lines = log.lines().filter(|line| line.starts_with('{'));
        lines
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect()
    }

    /// The lines of the log with this message, of which there are as many, as soon as they are there.
    pub(super) fn told<const N: usize>(&self, message: &str) -> [Value; N] {
        self.wait(message, |guard| {
            let mut entries = guard.entries();
            entries.retain(|entry| entry["message"] == message);
            entries.try_into().ok()
        })
    }

    /// The one line of a message that has come to its end.
    pub(super) fn told_once(&self, message: &str) -> Value {
        let [entry] = self.told(message);
        entry
    }

    /// The number of its process.
    pub(super) fn pid(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    /// The incidents, the newest first.
    pub(super) fn incidents(&self) -> Vec<Summary> {
        incidents(&self.path("incidents.db"))
    }

    /// The one incident there is: its outcome, and in words what happened.
    pub(super) fn incident(&self) -> (Option<String>, Vec<&'static str>) {
        let [summary] = self.incidents().try_into().unwrap();
        let reader = Reader::open(&self.path("incidents.db")).unwrap();
        reader.verify().unwrap();
        let story = reader.show(summary.id.parse().unwrap()).unwrap();
        let events = story.events.iter().map(|event| match &event.kind {
            EventKind::Opened(_) => "opened",
            EventKind::Repeated(_) => "repeated",
            EventKind::Outcome(outcome) => outcome.as_str(),
            EventKind::Erased => "erased",
        });
        (summary.outcome, events.collect())
    }

    /// What was recorded of the newest incident.
    pub(super) fn facts(&self) -> Facts {
        let newest = self.incidents().swap_remove(0);
        let reader = Reader::open(&self.path("incidents.db")).unwrap();
        let story = reader.show(newest.id.parse().unwrap()).unwrap();
        match &story.events[0].kind {
            EventKind::Opened(facts) => Facts::clone(facts),
            other => panic!("{other:?}"),
        }
    }

    /// Its inspectors that have not ended, in the order of their numbers.
    pub(super) fn inspectors(&self) -> Vec<Inspector> {
        let gate = self.child.as_ref().unwrap().id();
        let processes = fs::read_dir("/proc").unwrap().flatten();
        let all = processes.filter_map(|entry| Inspector::of(&entry.path()));
        let mut ours: Vec<_> = all.filter(|it| it.parent == gate).collect();
        ours.sort_by_key(|it| it.pid.as_raw_nonzero());
        ours
    }

    /// The inspector that is at work, as soon as one is.
    pub(super) fn busy_inspector(&self) -> Inspector {
        let before = self.inspectors();
        self.wait("an inspector at work", |guard| {
            guard.inspectors().into_iter().find(|now| {
                let then = before.iter().find(|then| then.pid == now.pid);
                now.time > then.map_or(0, |then| then.time) + 3
            })
        })
    }

    /// `kill -9`.
    pub(super) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// `kill`.
    pub(super) fn ask_to_stop(&self) {
        self.signal(Signal::TERM);
    }

    /// `kill -HUP`.
    pub(super) fn ask_to_reload(&self) {
        self.signal(Signal::HUP);
    }

    fn signal(&self, signal: Signal) {
        let child = self.child.as_ref().unwrap();
        kill_process(Pid::from_child(child), signal).unwrap();
    }

    /// Waits until it has ended.
    pub(super) fn ended(&mut self) -> ExitStatus {
        let mut child = self.child.take().unwrap();
        self.wait("the end", |_| child.try_wait().unwrap())
    }

    /// Waits until something is so.
    pub(super) fn wait_until(&self, what: &str, mut so: impl FnMut(&Self) -> bool) {
        self.wait(what, |guard| so(guard).then_some(()));
    }

    /// Waits until there is something.
    pub(super) fn wait<T>(&self, what: &str, mut look: impl FnMut(&Self) -> Option<T>) -> T {
        let late = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = look(self) {
                return found;
            }
            assert!(Instant::now() < late, "waited in vain for {what}");
            thread::sleep(Duration::from_millis(5));
        }
    }
}

/// A process that reads messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Inspector {
    pub(super) pid: Pid,
    parent: u32,
    /// Ticks of a processor it has used.
    time: u64,
}

impl Inspector {
    fn of(process: &Path) -> Option<Self> {
        let pid: i32 = process.file_name()?.to_str()?.parse().ok()?;
        let stat = fs::read_to_string(process.join("stat")).ok()?;
        // After the name, which may hold anything (proc_pid_stat(5)).
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let number = |at: usize| fields.get(at)?.parse::<u64>().ok();
        if matches!(fields.first(), Some(&"Z" | &"X")) {
            return None;
        }
        Some(Self {
            pid: Pid::from_raw(pid)?,
            parent: number(1)?.try_into().ok()?,
            time: number(11)? + number(12)?,
        })
    }

    pub(super) fn signal(self, signal: Signal) {
        // It may just have ended.
        let _ = kill_process(self.pid, signal);
    }

    /// Stops it, and returns when all its threads stand still: on a busy machine that is some time after the signal was sent.
    pub(super) fn stop(self) {
        self.signal(Signal::STOP);
        let late = Instant::now() + PATIENCE;
        while !self.stands_still() {
            assert!(Instant::now() < late, "it goes on though it was stopped");
            thread::sleep(Duration::from_millis(1));
        }
    }

    fn stands_still(self) -> bool {
        let threads = format!("/proc/{}/task", self.pid.as_raw_nonzero());
        fs::read_dir(threads).unwrap().flatten().all(|thread| {
            let stat = fs::read_to_string(thread.path().join("stat")).unwrap();
            stat.rsplit_once(')').unwrap().1.starts_with(" T")
        })
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.kill();
        let log = self.log();
        if thread::panicking() {
            println!("sluse said:\n{log}");
        } else {
            assert!(!log.contains("internal error"), "{log}");
        }
    }
}

/// The incidents of a log, the newest first.
pub(super) fn incidents(database: &Path) -> Vec<Summary> {
    let mut incidents = Vec::new();
    let reader = Reader::open(database).unwrap();
    reader
        .list(&Filter::default(), |summary| {
            incidents.push(summary);
            ControlFlow::Continue(())
        })
        .unwrap();
    incidents
}
