//! A reader panics: it costs the message its reading, and neither the reader nor the program.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use sluse::extract::Reason;
use sluse::inspect::{Door, DoorSettings, Octets};
use sluse::pattern::{FingerprintKey, Packs};
use tokio::time::Instant;

/// A message that no document found so far can stand for: reading it panics.
struct Panics;

impl Octets for Panics {
    fn lend(&self, _: &mut dyn FnMut(&[u8])) -> io::Result<()> {
        panic!("as a parser would");
    }
}

#[tokio::test]
async fn the_message_is_a_gap_and_the_reader_reads_on() {
    let settings = DoorSettings {
        workers: 1,
        ..DoorSettings::default()
    };
    let packs = Packs::shipped(FingerprintKey::new([7; 32]));
    let door = Door::open(settings, Arc::new(packs)).unwrap();
    let soon = || Instant::now() + Duration::from_secs(10);
    for _ in 0..3 {
        let unread = door.inspect(Panics, soon()).await.unwrap();
        let [gap] = unread.gaps.try_into().unwrap();
        assert_eq!(gap.reason, Reason::Damaged);
        assert!(unread.findings.is_empty());
    }
    let message = b"Subject: x\r\n\r\nCPR-nr. 140562-1234\r\n".to_vec();
    let read = door.inspect(message, soon()).await.unwrap();
    assert_eq!((read.findings.len(), read.gaps.len()), (1, 0));
}
