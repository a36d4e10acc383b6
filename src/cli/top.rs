//! `sluse top`: what a running Sluse does, as it does it.
//!
//! It reads what anybody may read who watches ([`crate::manual::watching`]), so it needs no rights, and works from another machine too.

mod numbers;
mod screen;

use std::io::{self, IsTerminal, Write};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use anyhow::{Context, anyhow};

use crate::cli::top::numbers::Numbers;
use crate::cli::top::screen::screen;
use crate::cli::{ConfigFile, NOTHING};
use crate::config::{self, Purpose};

/// Who is looked at, and how often.
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    file: ConfigFile,
    /// The address that is asked, without a configuration.
    #[arg(long, value_name = "ADDRESS:PORT", conflicts_with = "config")]
    address: Option<SocketAddr>,
    /// Seconds from one look to the next.
    #[arg(long, value_name = "SECONDS", default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=3600))]
    every: u64,
    /// Looks twice, tells what happened in between, and ends.
    #[arg(long)]
    once: bool,
}

/// Looks until it is interrupted. 0: it was told to look once; 2: there was no answer at the first look, or where it looks once, at either.
pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let address = address(arguments)?;
    let mut before = look(address)?;
    let on_screen = io::stdout().is_terminal() && !arguments.once;
    loop {
        thread::sleep(Duration::from_secs(arguments.every));
        let told = match look(address) {
            Ok(now) => {
                let told = screen(address, &before, &now);
                before = now;
                told
            }
            Err(error) if arguments.once => return Err(error),
            // It may be starting again.
            Err(error) => format!("{error:#}\n"),
        };
        if show(&told, on_screen).is_err() || arguments.once {
            // Whoever read it has gone.
            return Ok(ExitCode::from(NOTHING));
        }
    }
}

fn look(address: SocketAddr) -> anyhow::Result<Numbers> {
    let no_answer = || {
        format!(
            "{address} tells nothing; does Sluse run, and is this one of its `monitor.addresses`?"
        )
    };
    Numbers::of(address).with_context(no_answer)
}

fn address(arguments: &Arguments) -> anyhow::Result<SocketAddr> {
    if let Some(address) = arguments.address {
        return Ok(address);
    }
    let file = &arguments.file.config;
    let loaded = config::load(file, Purpose::Check, None)
        .map_err(|problems| anyhow!("this configuration is of no use\n\n{problems}"))?;
    let addresses = loaded.config.monitor.addresses;
    let nowhere = || {
        format!(
            "{}: no `monitor.addresses`, so nobody can watch; name one (`127.0.0.1:9125`) and restart",
            file.display()
        )
    };
    addresses.first().copied().with_context(nowhere)
}

fn show(told: &str, on_screen: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if on_screen {
        // To the first place, and clear what is behind it.
        out.write_all(b"\x1b[H\x1b[J")?;
    }
    out.write_all(told.as_bytes())?;
    out.flush()
}
