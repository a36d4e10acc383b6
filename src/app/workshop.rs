//! Where a configuration is read again: one thread, always the same.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::thread;

use tokio::sync::oneshot;

/// A thread for work that takes a second and some memory, so that it keeps no connection waiting.
///
/// The system's allocator gives every thread a heap of its own and keeps what is freed there. A configuration with its packs, some
/// megabytes of text, leaves a part of that in the heap of whichever thread was at hand. One thread uses its heap again. (While
/// packs were compiled here too it was 17 MB in each heap: after thirty configurations read under load, 500 MB.)
#[derive(Clone, Debug)]
pub(super) struct Workshop {
    work: mpsc::Sender<Work>,
}

type Work = Box<dyn FnOnce() + Send>;

impl Workshop {
    /// Starts the thread. It ends with the last of those that hand it work.
    pub(super) fn start() -> io::Result<Self> {
        let (work, handed) = mpsc::channel::<Work>();
        let thread = thread::Builder::new().name("workshop".to_owned());
        thread.spawn(move || {
            for work in handed {
                // It was reported where it happened, and whoever waits hears of it.
                let _ = catch_unwind(AssertUnwindSafe(work));
            }
        })?;
        Ok(Self { work })
    }

    /// Has work done; `None` where it panicked.
    pub(super) async fn done<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let (tell, told) = oneshot::channel();
        let work = Box::new(move || drop(tell.send(work())));
        self.work.send(work).ok()?;
        told.await.ok()
    }
}
