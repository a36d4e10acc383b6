//! `sluse hash-password`: the line of a file of users, made of a password that nobody sees.

use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

use crate::cli::NOTHING;
use crate::users::{HashError, is_name, line};

/// Whose password.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The user, as the client will name itself. The password is read from the terminal, or from the first line of standard input.
    name: String,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    // Nobody types a password for nothing.
    if !is_name(&arguments.name) {
        return Err(HashError::Name.into());
    }
    let password = if io::stdin().is_terminal() {
        asked_twice(&arguments.name)?
    } else {
        read()?
    };
    let line = line(&arguments.name, password.as_bytes())?;
    writeln!(io::stdout(), "{line}")?;
    Ok(ExitCode::from(NOTHING))
}

fn asked_twice(name: &str) -> anyhow::Result<Zeroizing<String>> {
    let _silent = Silent::begin()?;
    let first = asked(&format!("Password of {name}: "))?;
    if asked("The same again: ")? != first {
        bail!("these were two passwords; nothing was made of them");
    }
    Ok(first)
}

fn asked(question: &str) -> anyhow::Result<Zeroizing<String>> {
    let mut terminal = io::stderr();
    write!(terminal, "{question}")?;
    let read = read();
    // The line ending that was typed is not shown either.
    writeln!(terminal)?;
    read
}

/// A line, without its line ending.
fn read() -> anyhow::Result<Zeroizing<String>> {
    // Room for the longest, so that no copy is left behind where it would have to grow.
    let room = HashError::MOST + "\r\n".len() + 1;
    let mut password = Zeroizing::new(String::with_capacity(room));
    let most = u64::try_from(room)?;
    let read = io::stdin().lock().take(most).read_line(&mut password);
    read.context("no password could be read: it is text in UTF-8, on one line")?;
    let end = password.trim_end_matches(['\r', '\n']).len();
    password.truncate(end);
    Ok(password)
}

/// A terminal that does not show what is typed, until this is dropped.
struct Silent(Termios);

impl Silent {
    fn begin() -> anyhow::Result<Self> {
        let before = tcgetattr(io::stdin()).context("the terminal cannot be asked")?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        tcsetattr(io::stdin(), OptionalActions::Flush, &silent)
            .context("the terminal would show what is typed")?;
        Ok(Self(before))
    }
}

impl Drop for Silent {
    fn drop(&mut self) {
        let _ = tcsetattr(io::stdin(), OptionalActions::Flush, &self.0);
    }
}
