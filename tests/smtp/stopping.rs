//! Stopping: nothing new begins, and what has begun is brought to its end.

use std::sync::Arc;
use std::time::Duration;

use sluse::limits::{TimeLimits, WireLimits};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

use crate::smtp::client::{Changes, Gate, Recorder};

#[tokio::test]
async fn an_idle_client_is_sent_away_and_nobody_is_let_in() {
    let gate = Gate::open(Changes::default()).await;
    let mut idle = gate.client().await;
    gate.stop.send(true).unwrap();
    idle.hears("421 4.3.2 Shutting down; try again later").await;
    idle.hears_the_end().await;
    gate.served.await.unwrap();
    assert!(TcpStream::connect(gate.address).await.is_err());
}

#[tokio::test]
async fn a_message_under_way_is_brought_to_its_end() {
    let recorder = Recorder {
        verdicts: Arc::new(Semaphore::new(0)),
        ..Recorder::default()
    };
    let gate = Gate::open(Changes {
        recorder,
        ..Changes::default()
    })
    .await;
    let (mut judged, mut sending) = (gate.client().await, gate.client().await);
    for client in [&mut judged, &mut sending] {
        client.begin_data().await;
    }
    judged.say("x\r\n.\r\n").await;
    gate.recorder.noted("message of 3 to 1").await;
    gate.stop.send(true).unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!gate.served.is_finished());
    // The next group is refused, although it was sent with the end of the last message.
    sending.say("xy\r\n.\r\nMAIL FROM:<a@b.dk>\r\n").await;
    gate.recorder.noted("message of 4 to 1").await;
    gate.recorder.verdicts.add_permits(2);
    for mut client in [judged, sending] {
        client.hears("250 2.0.0 Taken").await;
        client
            .hears("421 4.3.2 Shutting down; try again later")
            .await;
        client.hears_the_end().await;
    }
    gate.served.await.unwrap();
}

#[tokio::test]
async fn a_transaction_under_way_may_go_on() {
    let gate = Gate::open(Changes::default()).await;
    let mut client = gate.client().await;
    client.ask("MAIL FROM:<a@b.dk>", "250 2.1.0 Fine").await;
    gate.stop.send(true).unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    client.ask("RCPT TO:<c@d.dk>", "250 2.1.0 Fine").await;
    client
        .ask("DATA", "354 End data with <CR><LF>.<CR><LF>")
        .await;
    client.ask("x\r\n.", "250 2.0.0 Taken").await;
    client
        .hears("421 4.3.2 Shutting down; try again later")
        .await;
    gate.served.await.unwrap();
}

#[tokio::test]
async fn a_message_that_drips_does_not_put_off_the_stop() {
    let gate = Gate::open(Changes {
        time: TimeLimits {
            data: Duration::from_millis(500),
            ..TimeLimits::default()
        },
        // Each octet earns a second.
        wire: WireLimits {
            data_rate: 1,
            ..WireLimits::default()
        },
        ..Changes::default()
    })
    .await;
    let mut client = gate.client().await;
    client.begin_data().await;
    let dripping = tokio::spawn(async move {
        while client.stream.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(!dripping.is_finished(), "it is fast enough");
    gate.stop.send(true).unwrap();
    let stopped = tokio::time::timeout(Duration::from_secs(5), gate.served).await;
    stopped.expect("it is still waited for").unwrap();
}
