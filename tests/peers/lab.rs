//! Other people's programs, each in a folder of its own, stopped by their own process.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};
use serde::Deserialize;
use tempfile::TempDir;

use crate::port::free_port;
use crate::postfix::lab::wait_for_port;

/// A mail server that takes messages at one port and hands them on to another.
pub(super) struct Server {
    folder: TempDir,
    child: Child,
    /// Where it takes messages.
    pub(super) inlet: u16,
}

/// Who refuses recipients: `nobody@borger.example` for good, `later@borger.example` for now.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Refuses {
    Nobody,
    Some,
}

impl Server {
    /// Exim, which tries what is in its queue every second.
    pub(super) fn exim(outlet: u16, refuses: Refuses) -> Self {
        let program = unpacked("usr/sbin/exim4");
        let (folder, inlet) = (folder(), free_port());
        let root = folder.path();
        let refuses = match refuses {
            Refuses::Nobody => "false",
            Refuses::Some => "true",
        };
        let config = include_str!("exim.conf")
            .replace("@EXIM@", &program.display().to_string())
            .replace("@ROOT@", &root.display().to_string())
            .replace("@INLET@", &inlet.to_string())
            .replace("@OUTLET@", &outlet.to_string())
            .replace("@REFUSES@", refuses);
        fs::write(root.join("exim.conf"), config).unwrap();
        for name in ["spool", "log"] {
            fs::create_dir(root.join(name)).unwrap();
            chown(root.join(name), Some(EXIM), Some(EXIM)).unwrap();
        }
        // The processes it starts go elsewhere.
        let file = root.join("exim.conf").display().to_string();
        let arguments = ["-C", &file, "-bdf", "-q1s"];
        Self::start(folder, inlet, &program, &arguments, &[])
    }

    /// OpenSMTPD, whose folders are written in the program.
    pub(super) fn opensmtpd(outlet: u16) -> Self {
        let program = unpacked("usr/sbin/smtpd");
        let (folder, inlet) = (folder(), free_port());
        let root = folder.path();
        let config = include_str!("smtpd.conf")
            .replace("@INLET@", &inlet.to_string())
            .replace("@OUTLET@", &outlet.to_string());
        fs::write(root.join("smtpd.conf"), config).unwrap();
        for name in ["spool/smtpd", "run", "lib/opensmtpd/empty"] {
            fs::create_dir_all(root.join(name)).unwrap();
        }
        fs::set_permissions(root.join("spool/smtpd"), fs::Permissions::from_mode(0o711)).unwrap();
        let over = [
            ("spool", "/var/spool"),
            ("run", "/run"),
            ("lib", "/var/lib"),
        ];
        let arguments = ["-d", "-f", "smtpd.conf"];
        Self::start(folder, inlet, &program, &arguments, &over)
    }

    /// Haraka, which forwards what it takes before it answers.
    pub(super) fn haraka(outlet: u16) -> Self {
        let program = unpacked("haraka/node_modules/Haraka/bin/haraka");
        let shipped = unpacked("haraka/node_modules/Haraka/config/connection.ini");
        let shipped = fs::read_to_string(shipped).unwrap();
        // It breaks lines that are longer than RFC 5321 allows; whether it should is not the question here.
        let connection = shipped.replace("data_line_length=992", "data_line_length=1048576");
        assert_ne!(connection, shipped);
        let (folder, inlet) = (folder(), free_port());
        let root = folder.path();
        for name in ["config", "plugins", "queue"] {
            fs::create_dir(root.join(name)).unwrap();
        }
        for (name, text) in [
            ("me", "haraka.example\n".to_owned()),
            ("plugins", "next_hop\nqueue/smtp_forward\n".to_owned()),
            ("smtp.ini", format!("listen=127.0.0.1:{inlet}\n")),
            (
                "smtp_forward.ini",
                format!("host=127.0.0.1\nport={outlet}\n"),
            ),
            ("connection.ini", connection),
        ] {
            fs::write(root.join("config").join(name), text).unwrap();
        }
        fs::write(root.join("plugins/next_hop.js"), include_str!("haraka.js")).unwrap();
        let (program, root) = (program.display().to_string(), root.display().to_string());
        let node = Path::new("/usr/bin/node");
        Self::start(folder, inlet, node, &[&program, "-c", &root], &[])
    }

    /// Starts a program where it sees its own users, and these folders of its own in the place of the machine's.
    fn start(
        folder: TempDir,
        inlet: u16,
        program: &Path,
        arguments: &[&str],
        over: &[(&str, &str)],
    ) -> Self {
        let root = folder.path();
        let id = Command::new("id").arg("-u").output().unwrap();
        assert_eq!(
            id.stdout, b"0\n",
            "a mount namespace takes root: run these tests as `tests/run` does"
        );
        let users = fs::read_to_string("/etc/passwd").unwrap() + USERS;
        fs::write(root.join("passwd"), users).unwrap();
        let groups = fs::read_to_string("/etc/group").unwrap() + GROUPS;
        fs::write(root.join("group"), groups).unwrap();
        let mut script = String::from("set -e\n");
        for (ours, theirs) in [("passwd", "/etc/passwd"), ("group", "/etc/group")]
            .iter()
            .chain(over)
        {
            script += &format!("mount --bind {ours} {theirs}\n");
        }
        script += "exec \"$@\"";
        let log = fs::File::create(root.join("out")).unwrap();
        let child = Command::new("unshare")
            .args(["--mount", "sh", "-c", &script, "sh"])
            .arg(program)
            .args(arguments)
            .current_dir(root)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .process_group(0)
            .spawn()
            .unwrap();
        let server = Self {
            folder,
            child,
            inlet,
        };
        wait_for_port(inlet, &program.display().to_string());
        server
    }

    /// What it logged.
    pub(super) fn log(&self) -> String {
        let read = |name| fs::read_to_string(self.folder.path().join(name)).unwrap_or_default();
        read("out") + &read("log/mainlog")
    }

    /// Waits until it has logged a line with all of these words.
    pub(super) fn logged(&self, words: &[&str]) -> String {
        wait(&format!("{words:?} in the log"), || {
            let log = self.log();
            let mut lines = log.lines();
            let found = lines.find(|line| words.iter().all(|word| line.contains(word)));
            found.map(str::to_owned)
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if thread::panicking() {
            println!("the server said:\n{}", self.log());
        }
        // What it started belongs to its group, of which no other process is.
        let _ended_before = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
        drop(self.child.wait());
    }
}

/// aiosmtpd as a next hop.
pub(super) struct Python {
    folder: TempDir,
    child: Child,
    pub(super) port: u16,
}

/// What aiosmtpd was told of a message.
#[derive(Deserialize)]
pub(super) struct Kept {
    pub(super) from: String,
    pub(super) to: Vec<String>,
    pub(super) options: Vec<String>,
    #[serde(skip)]
    pub(super) message: Vec<u8>,
}

impl Python {
    pub(super) fn start() -> Self {
        let (folder, port) = (folder(), free_port());
        let child = python("next_hop.py")
            .arg(port.to_string())
            .arg(folder.path())
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let hop = Self {
            folder,
            child,
            port,
        };
        wait_for_port(port, "aiosmtpd (`tests/run` installs python3-aiosmtpd)");
        hop
    }

    /// Its messages, as soon as there are as many.
    pub(super) fn wait(&self, count: usize) -> Vec<Kept> {
        wait(&format!("{count} messages at aiosmtpd"), || {
            let kept: Option<Vec<_>> = (0..count).map(|at| self.kept(at)).collect();
            assert!(self.kept(count).is_none(), "more than {count} messages");
            kept
        })
    }

    fn kept(&self, at: usize) -> Option<Kept> {
        let name = self.folder.path().join(at.to_string());
        let told = fs::read_to_string(name.with_extension("json")).ok()?;
        Some(Kept {
            message: fs::read(name.with_extension("eml")).unwrap(),
            ..serde_json::from_str(&told).unwrap()
        })
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// What smtplib was answered.
#[derive(Debug, Deserialize)]
pub(super) struct Answered {
    /// To whom the message was not taken, and why.
    pub(super) refused: BTreeMap<String, String>,
    pub(super) error: Option<String>,
}

/// Hands over a message with smtplib.
pub(super) fn submit(port: u16, to: &[&str], message: &[u8]) -> Answered {
    let folder = folder();
    let file = folder.path().join("message");
    fs::write(&file, message).unwrap();
    let output = python("submit.py")
        .args([&port.to_string(), "meho@kommune.example", &to.join(",")])
        .arg(file)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}{complaint}"))
}

/// Waits until there is something.
pub(super) fn wait<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let late = Instant::now() + Duration::from_secs(40);
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < late, "waited in vain for {what}");
        thread::sleep(Duration::from_millis(50));
    }
}

/// The system's Python, which is the one that has the Debian packages.
fn python(script: &str) -> Command {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers");
    let mut command = Command::new("/usr/bin/python3");
    command.arg(file.join(script));
    command
}

fn unpacked(program: &str) -> PathBuf {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("target/peers")
        .join(program);
    let path = file.display();
    assert!(file.exists(), "{path} is not there: `tests/run` unpacks it");
    file
}

/// A folder that users who are nobody here may enter.
fn folder() -> TempDir {
    let folder = tempfile::Builder::new()
        .prefix("sluse-peer")
        .tempdir()
        .unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

/// The number of Exim's user, where it exists.
const EXIM: u32 = 64990;

/// The users that are compiled into the Debian packages.
const USERS: &str = "Debian-exim:x:64990:64990::/nonexistent:/usr/sbin/nologin
opensmtpd:x:64991:64991::/var/lib/opensmtpd/empty:/usr/sbin/nologin
opensmtpq:x:64992:64992::/nonexistent:/usr/sbin/nologin
";

const GROUPS: &str = "Debian-exim:x:64990:
opensmtpd:x:64991:
opensmtpq:x:64992:
";
