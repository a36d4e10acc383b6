//! Reading takes longer than it may: what was not read is a gap, which goes the secure way and is an incident.

use std::time::Duration;

use sluse::extract::Reason;
use sluse::inspect::{Closed, Door, DoorSettings};
use sluse::limits::ReadLimits;
use sluse::pattern::{FingerprintKey, Packs, Stock};
use tokio::time::Instant;

use super::guard::Guard;
use super::hop::Hop;
use super::{CITIZEN, TAKEN, large, spooled};

#[test]
fn what_was_not_read_is_not_clean() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let keys = ["limits.read.time = \"1ms\""];
    let guard = Guard::with(normal.port, secure.port, &keys);
    let message = large(2);
    assert_eq!(guard.client().send(&[CITIZEN], &message), TAKEN);
    assert_eq!(normal.count("DATA"), 0);
    assert!(secure.messages() == [message]);
    let entry = guard.told_once("passed on");
    assert_eq!(entry["disposition"], "secure");
    assert_eq!(entry["rules"], "unread");
    assert_eq!(entry["finding.count"], 0);
    assert!(entry["gap.count"].as_u64() >= Some(1));
    assert_eq!(
        guard.incident(),
        (Some("secured".to_owned()), vec!["opened", "secured"])
    );
}

#[tokio::test]
async fn a_message_that_had_its_time_is_a_gap_and_one_that_had_not_is_deferred() {
    let message = spooled(&large(4));
    let soon = || Instant::now() + Duration::from_millis(20);
    let late = || Instant::now() + Duration::from_secs(60);
    let patient = door(Duration::from_secs(30)).await;
    // As when others held the inspectors until its deadline was near: a gap would let policy refuse it for good.
    let cut = patient.inspect(&message, soon()).await;
    assert!(matches!(cut, Err(Closed::Busy)), "{cut:?}");
    let read = patient.inspect(&message, late()).await.unwrap();
    assert!(read.gaps.is_empty(), "{:?}", read.gaps);
    let strict = door(Duration::from_millis(20)).await;
    let read = strict.inspect(&message, late()).await.unwrap();
    let reasons: Vec<_> = read.gaps.iter().map(|gap| gap.reason).collect();
    assert!(reasons.contains(&Reason::Timeout), "{reasons:?}");
}

async fn door(time: Duration) -> Door {
    let settings = DoorSettings {
        workers: 1,
        limits: ReadLimits {
            time,
            ..ReadLimits::default()
        },
        program: env!("CARGO_BIN_EXE_sluse").into(),
        ..DoorSettings::default()
    };
    let packs = Packs::shipped(FingerprintKey::new([7; 32]));
    let door = Door::open(settings, Stock::of(&packs), packs.key().clone());
    door.await.unwrap()
}
