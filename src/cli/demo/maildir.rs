//! A next hop that keeps every message it is given in a Maildir.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::watch;

use crate::accept::{
    Answer, Arrived, Departures, Journey, Listener, Listeners, Settings, Terms, serve,
};
use crate::limits::{TimeLimits, WireLimits};
use crate::mail::{Client, Parameters, Recipient, ReversePath, Transaction, TransactionId};
use crate::smtp::{Offers, Protocol, Reply, Xforward};
use crate::spool;

/// A running next hop.
pub(super) struct NextHop {
    /// Where it listens.
    pub(super) address: SocketAddr,
    /// Where it keeps messages.
    pub(super) folder: PathBuf,
    seen: AtomicUsize,
    _running: watch::Sender<bool>,
}

/// The file system side of a Maildir.
#[derive(Clone)]
struct Maildir(Arc<Path>);

impl NextHop {
    /// Starts one that keeps messages in `name` under `folder`.
    pub(super) async fn start(folder: &Path, name: &str) -> anyhow::Result<Self> {
        let folder = folder.join(name);
        for inner in ["tmp", "new", "cur"] {
            fs::create_dir_all(folder.join(inner))?;
        }
        let listener = Listener::new(SocketAddr::from(([127, 0, 0, 1], 0)), Vec::new())?;
        let settings = Settings {
            host_name: format!("{name}.demo.invalid").into(),
            listeners: vec![listener],
            chunking: true,
            wire: WireLimits::default(),
            time: TimeLimits::default(),
        };
        let listeners = Listeners::bind(&settings).await?;
        let address = listeners.local_addresses()?[..].first().copied();
        let address = address.ok_or_else(|| io::Error::other("nowhere to listen"))?;
        let (running, stop) = watch::channel(false);
        let maildir = Arc::new(Maildir(folder.clone().into()));
        let terms = Terms::new(settings, spool::Settings::default())?;
        let (_never_changed, terms) = watch::channel(Arc::new(terms));
        tokio::spawn(serve(listeners, terms, maildir, stop));
        Ok(Self {
            address,
            folder,
            seen: AtomicUsize::new(0),
            _running: running,
        })
    }

    /// The message that came since this was last asked, if one did.
    pub(super) fn newest(&self) -> io::Result<Option<Vec<u8>>> {
        let mut files = fs::read_dir(self.folder.join("new"))?
            .map(|file| Ok(file?.path()))
            .collect::<io::Result<Vec<_>>>()?;
        files.sort();
        let seen = self.seen.swap(files.len(), Ordering::Relaxed);
        files
            .get(seen..)
            .and_then(<[_]>::last)
            .map(fs::read)
            .transpose()
    }
}

impl Departures for Maildir {
    type Journey = Self;

    fn depart(&self, _protocol: Protocol) -> Self {
        self.clone()
    }

    fn offers(&self) -> Offers {
        Offers {
            size: None,
            eightbitmime: true,
            smtputf8: true,
            dsn: true,
            chunking: true,
        }
    }
}

impl Journey for Maildir {
    async fn begin(
        &mut self,
        _id: TransactionId,
        _client: &Client,
        _xforward: &Xforward,
        _reverse_path: &ReversePath,
        _parameters: &Parameters,
    ) -> Reply {
        Reply::OK
    }

    async fn recipient(&mut self, _recipient: &Recipient) -> Reply {
        Reply::OK
    }

    async fn message(&mut self, transaction: &Transaction, arrived: Arrived) -> Answer {
        let spooled = arrived.message;
        let kept = spooled.map().and_then(|map| {
            let name = transaction.id.to_string();
            let tmp = self.0.join("tmp").join(&name);
            fs::write(&tmp, &*map)?;
            fs::rename(tmp, self.0.join("new").join(name))
        });
        match kept {
            Ok(()) => Reply::OK.into(),
            Err(_) => Reply::SPOOL_FAILED.into(),
        }
    }

    async fn abandon(&mut self) {}
}
