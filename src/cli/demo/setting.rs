//! The stage of the show: a folder, the configuration an administrator would write, and a mail server that sends.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;

use crate::act::{Marks, NextHop, NextHops, Reuse, Route, Tls, Way};
use crate::app::Configured;
use crate::cli::load_to_serve;
use crate::config;
use crate::limits::{TimeLimits, WireLimits};
use crate::policy::RouteName;

/// The folder of the show; a new one where none is named.
pub(super) fn folder(named: Option<&Path>) -> anyhow::Result<PathBuf> {
    let folder = match named {
        Some(folder) => folder.to_owned(),
        None => std::env::temp_dir().join(format!("sluse-demo-{}", ulid::Ulid::generate())),
    };
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    Ok(folder)
}

/// Writes the configuration into the folder, with the shipped policy, and reads it as `sluse serve` does.
pub(super) fn config(
    folder: &Path,
    normal: SocketAddr,
    secure: SocketAddr,
) -> anyhow::Result<Configured> {
    let policy =
        config::SHIPPED_POLICY.replacen("inside = []", "inside = [\"kommune.example\"]", 1);
    fs::write(folder.join("policy.toml"), policy)?;
    let file = folder.join("sluse.toml");
    let text = format!(
        "host_name = \"sluse.demo.invalid\"\n\
         [listen]\naddresses = [\"127.0.0.1:0\"]\n\
         [route.normal]\nnext_hop = \"{normal}\"\n\
         # A real gateway is reached over verified TLS; this one is on the same machine.\n\
         [route.secure]\nnext_hop = \"{secure}\"\ntls = \"off\"\n\
         [policy]\nfile = \"policy.toml\"\n\
         [incident]\ndatabase = \"incidents.db\"\nkey = \"incidents.key\"\n"
    );
    fs::write(&file, text)?;
    load_to_serve(&file)
}

/// The way from a mail server to the guard.
pub(super) fn sender(guard: SocketAddr) -> anyhow::Result<Arc<Way>> {
    let route = Route {
        name: RouteName::new("demo"),
        next_hops: NextHops::from(NextHop {
            host: guard.ip().to_string().into(),
            port: guard.port(),
        }),
        tls: Tls::Off,
        marks: Marks::default(),
        helo: "mail.kommune.example".into(),
        wire: WireLimits::default(),
        time: TimeLimits::default(),
    };
    Ok(Way::new(route, Reuse::default())?)
}
