//! A reader hangs: the message is a gap, another reader takes its place, and too many of them close the door.

use std::io;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sluse::extract::Reason;
use sluse::inspect::{Closed, Door, DoorSettings, Octets};
use sluse::limits::ReadLimits;
use sluse::pattern::{FingerprintKey, Packs};
use tokio::time::Instant;

/// A message that no document found so far can stand for: reading it ends only when the test says so.
struct Hangs(Arc<Mutex<Receiver<()>>>);

impl Octets for Hangs {
    fn lend(&self, read: &mut dyn FnMut(&[u8])) -> io::Result<()> {
        // Ends, at the latest, with the test.
        let _ = self.0.lock().unwrap().recv_timeout(Duration::from_secs(20));
        read(b"Subject: x\r\n\r\n");
        Ok(())
    }
}

#[tokio::test]
async fn the_message_is_a_gap_and_others_are_read_all_the_same() {
    let settings = DoorSettings {
        workers: 1,
        grace: Duration::from_millis(50),
        lost: 2,
        limits: ReadLimits {
            time: Duration::from_millis(50),
            ..ReadLimits::default()
        },
    };
    let packs = Packs::shipped(FingerprintKey::new([7; 32]));
    let door = Door::open(settings, Arc::new(packs)).unwrap();
    let soon = || Instant::now() + Duration::from_secs(10);
    let (end, ends) = channel();
    let ends = Arc::new(Mutex::new(ends));
    for _ in 0..2 {
        let unread = door
            .inspect(Hangs(Arc::clone(&ends)), soon())
            .await
            .unwrap();
        let [gap] = unread.gaps.try_into().unwrap();
        assert_eq!(gap.reason, Reason::Timeout);
    }
    // Both readers are lost now, which is as many as may be.
    let closed = door.inspect(b"x: y\r\n\r\nz".to_vec(), soon()).await;
    assert!(matches!(closed, Err(Closed::Lost)));
    end.send(()).unwrap();
    end.send(()).unwrap();
    let read = loop {
        match door.inspect(b"x: y\r\n\r\nz".to_vec(), soon()).await {
            Err(Closed::Lost) => tokio::time::sleep(Duration::from_millis(5)).await,
            read => break read.unwrap(),
        }
    };
    assert!(read.gaps.is_empty(), "{:?}", read.gaps);
}
