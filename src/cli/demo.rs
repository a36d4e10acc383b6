//! `sluse demo`: the main job, shown. The guard runs between two next hops of its own that keep what they are given in
//! Maildirs, and thirteen messages go through it over SMTP, as they would from a mail server.

mod maildir;
mod messages;
mod setting;
mod story;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use tokio::sync::oneshot;

use crate::accept::Inherited;
use crate::app::App;
use crate::cli::demo::maildir::NextHop;
use crate::cli::demo::messages::MESSAGES;
use crate::cli::demo::story::Story;
use crate::cli::{FAILED, NOTHING};
use crate::incident::Reader;

/// Whether to go on.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// Keep the guard and its next hops running after the show, to send messages of your own.
    #[arg(long)]
    stay: bool,
    /// The folder of the show. Default: a new one in the system's folder for temporary files.
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(show(arguments))
}

async fn show(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let folder = setting::folder(arguments.folder.as_deref())?;
    let normal = NextHop::start(&folder, "normal").await?;
    let secure = NextHop::start(&folder, "secure").await?;
    let configured = setting::config(&folder, normal.address, secure.address)?;
    let incidents = configured.config.incident.clone();
    let app = App::build(configured, Inherited::default()).await?;
    let guard = *app.addresses()?.first().context("nowhere to listen")?;
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn(app.run(async { drop(stopped.await) }));

    let mut story = Story::begin(guard, &normal, &secure);
    let sender = setting::sender(guard)?;
    for message in MESSAGES {
        let reply = message.send(&sender).await?;
        story.tell(message, &reply, normal.newest()?, secure.newest()?);
    }
    story.incidents(&Reader::open(&incidents.database)?)?;
    let ended_well = story.end(&folder);
    if arguments.stay {
        println!("\nThe guard listens on {guard} until you press Ctrl-C.");
        tokio::signal::ctrl_c().await?;
    }
    drop(stop);
    running.await??;
    Ok(ExitCode::from(if ended_well { NOTHING } else { FAILED }))
}
