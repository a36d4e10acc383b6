//! A private Postfix and a real Sluse, each in a folder of its own, stopped by their own process.

use std::fs;
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::port::free_port;

pub(crate) fn wait_for_port(port: u16, what: &str) {
    let late = Instant::now() + Duration::from_secs(20);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(
            Instant::now() < late,
            "{what} does not listen on port {port}"
        );
        thread::sleep(Duration::from_millis(20));
    }
}

/// The program under test, as an administrator starts it.
pub(crate) struct Guard {
    folder: TempDir,
    /// Where it speaks SMTP.
    pub(crate) port: u16,
    /// Where it speaks LMTP.
    pub(crate) lmtp: u16,
    child: Option<Child>,
}

/// The shipped policy: CPR numbers go by the secure route, in the subject they are refused.
const POLICY: &str = include_str!("../../config/policy.toml");

impl Guard {
    /// Starts it between `normal` and `secure`.
    pub(crate) fn start(normal: u16, secure: u16) -> Self {
        Self::listening(normal, secure, "")
    }

    /// Starts it with these lines of `[listen]` besides.
    pub(crate) fn listening(normal: u16, secure: u16, listen: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (port, lmtp) = (free_port(), free_port());
        let config = include_str!("sluse.toml")
            .replace("@PORT@", &port.to_string())
            .replace("@LMTP@", &lmtp.to_string())
            .replace("@LISTEN@", listen)
            .replace("@NORMAL@", &normal.to_string())
            .replace("@SECURE@", &secure.to_string());
        fs::write(folder.path().join("sluse.toml"), config).unwrap();
        fs::write(folder.path().join("policy.toml"), policy()).unwrap();
        let mut guard = Self {
            folder,
            port,
            lmtp,
            child: None,
        };
        guard.resume();
        guard
    }

    /// Starts it, again after a kill.
    pub(crate) fn resume(&mut self) {
        let log = fs::File::options()
            .create(true)
            .append(true)
            .open(self.log_path())
            .unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_sluse"))
            .args(["serve", "-c"])
            .arg(self.folder.path().join("sluse.toml"))
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        self.child = Some(child);
        wait_for_port(self.port, "sluse");
    }

    /// `kill -9`.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// What it logged.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.log_path()).unwrap()
    }

    /// What `sluse incident list --json` says.
    pub(crate) fn incidents(&self) -> Vec<serde_json::Value> {
        let output = Command::new(env!("CARGO_BIN_EXE_sluse"))
            .args(["incident", "list", "--json", "-c"])
            .arg(self.folder.path().join("sluse.toml"))
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    fn log_path(&self) -> PathBuf {
        self.folder.path().join("log")
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if thread::panicking() {
            println!("sluse said:\n{}", self.log());
        }
        self.kill();
    }
}

/// The shipped policy, told which domain is ours.
fn policy() -> String {
    let policy = POLICY.replacen("inside = []", "inside = [\"kommune.example\"]", 1);
    assert_ne!(policy, POLICY);
    policy
}

/// A Postfix of our own: never `/etc/postfix`, never another address than loopback.
pub(crate) struct Postfix {
    folder: TempDir,
}

impl Postfix {
    /// Starts one whose relay host is `relay_host`, with these `smtpd` services, each a port and its options.
    pub(crate) fn start(relay_host: u16, services: &[(u16, &[&str])]) -> Self {
        Self::begin(relay_host, services, "", "")
    }

    /// Starts one with these lines of `master.cf` besides.
    pub(crate) fn start_besides(relay_host: u16, lines: &str, services: &[(u16, &[&str])]) -> Self {
        Self::begin(relay_host, services, "", lines)
    }

    /// Starts one with these lines of `main.cf` besides.
    pub(crate) fn start_with(relay_host: u16, services: &[(u16, &[&str])], lines: &str) -> Self {
        Self::begin(relay_host, services, lines, "")
    }

    fn begin(
        relay_host: u16,
        services: &[(u16, &[&str])],
        lines_of_main: &str,
        lines: &str,
    ) -> Self {
        assert!(
            Path::new("/usr/sbin/postfix").exists(),
            "Postfix is not installed: `tests/run` installs what these tests need"
        );
        let id = Command::new("id").arg("-u").output().unwrap();
        assert_eq!(
            id.stdout, b"0\n",
            "Postfix's master must be root: run these tests as `tests/run` does"
        );
        let folder = tempfile::Builder::new()
            .prefix("sluse-postfix")
            .tempdir()
            .unwrap();
        let root = folder.path();
        fs::set_permissions(root, fs::Permissions::from_mode(0o755)).unwrap();
        for name in ["etc", "queue", "data", "log"] {
            fs::create_dir(root.join(name)).unwrap();
        }
        let chown = Command::new("chown")
            .arg("postfix")
            .arg(root.join("data"))
            .status()
            .unwrap();
        assert!(chown.success());
        let main = include_str!("main.cf")
            .replace("@ROOT@", &root.display().to_string())
            .replace("@RELAYHOST@", &relay_host.to_string());
        fs::write(root.join("etc/main.cf"), main + lines_of_main).unwrap();
        let mut master = include_str!("master.cf").to_owned();
        if lines.contains("\nguard ") {
            // Ours would be the second of this name.
            let ours = master.find("guard ").unwrap()..master.find("pickup ").unwrap();
            master.replace_range(ours, "");
        }
        master.push_str(lines);
        for (port, options) in services {
            master.push_str(&format!("127.0.0.1:{port} inet n - n - 100 smtpd\n"));
            for option in *options {
                master.push_str(&format!("  -o {option}\n"));
            }
        }
        fs::write(root.join("etc/master.cf"), master).unwrap();
        let postfix = Self { folder };
        // It says no as well where its master takes more than ten seconds, as on a busy machine, and comes up all the same (master(8),
        // `-w`).
        let started = postfix.command("/usr/sbin/postfix", &["start"]);
        let late = Instant::now() + Duration::from_secs(30);
        while !postfix.is_running() {
            assert!(
                Instant::now() < late,
                "{}\n{}",
                String::from_utf8_lossy(&started.stderr),
                postfix.log()
            );
            thread::sleep(Duration::from_millis(100));
        }
        for (port, _) in services {
            wait_for_port(*port, "Postfix");
        }
        postfix
    }

    fn is_running(&self) -> bool {
        let status = self.command("/usr/sbin/postfix", &["status"]);
        status.status.success()
    }

    /// Has everything in the queue tried again now.
    pub(crate) fn flush(&self) {
        self.command("/usr/sbin/postqueue", &["-f"]);
    }

    /// What is in the queue.
    pub(crate) fn queue(&self) -> String {
        String::from_utf8(self.command("/usr/sbin/postqueue", &["-p"]).stdout).unwrap()
    }

    /// What it logged.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log/maillog")).unwrap_or_default()
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Output {
        let etc = self.folder.path().join("etc");
        Command::new(program)
            .arg("-c")
            .arg(etc)
            .args(arguments)
            .output()
            .unwrap()
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        if thread::panicking() {
            println!("Postfix said:\n{}", self.log());
        }
        self.command("/usr/sbin/postfix", &["stop"]);
    }
}

/// Sends one message of the demonstration with swaks, and gives back its transcript.
pub(crate) fn swaks(port: u16, to: &str, message: &str) -> String {
    swaks_with(port, to, message, &[])
}

/// [`swaks`], with these options besides.
pub(crate) fn swaks_with(port: u16, to: &str, message: &str, options: &[&str]) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("demo")
        .join(message);
    assert!(file.exists(), "{}", file.display());
    let output = Command::new("swaks")
        .args([
            "--server",
            &format!("127.0.0.1:{port}"),
            "--from",
            "meho@kommune.example",
            "--to",
            to,
        ])
        .args(options)
        .arg("--data")
        .arg(format!("@{}", file.display()))
        .output()
        .unwrap_or_else(|error| panic!("swaks: {error}: `tests/run` installs it"));
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Whether `text` is what stands after the header of a message of the demonstration, but for the empty lines swaks adds.
pub(crate) fn is_text_of(text: &[u8], name: &str) -> bool {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("demo")
        .join(name);
    let sent = text_of(&fs::read(file).unwrap()).to_owned();
    text.strip_prefix(&sent[..])
        .is_some_and(|added| added.iter().all(|c| b"\r\n".contains(c)))
}

/// What stands after the header.
pub(crate) fn text_of(message: &[u8]) -> &[u8] {
    let blank = message
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap();
    &message[blank + 4..]
}
