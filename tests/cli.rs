//! Cases of `cli`: the program as it is typed, what it prints, and its exit code.

mod demo;
mod evaluate;
mod hash_password;
mod learn;
mod patterns;
mod scan;
mod shipped;
mod unheard;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

/// What a command came to.
struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Ran {
    /// Each line of its output, which are JSON.
    fn json(&self) -> Vec<Value> {
        let lines = self.out.lines();
        lines.map(|it| serde_json::from_str(it).unwrap()).collect()
    }
}

/// Runs the program in the folder of the project.
fn sluse(arguments: &[&str]) -> Ran {
    sluse_fed(arguments, b"")
}

/// Runs it with something on its standard input.
fn sluse_fed(arguments: &[&str], input: &[u8]) -> Ran {
    let mut child = Command::new(env!("CARGO_BIN_EXE_sluse"))
        .args(arguments)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Whoever reads no input may be gone by now.
    drop(child.stdin.take().unwrap().write_all(input));
    let output = child.wait_with_output().unwrap();
    Ran {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}
