//! Clients that are slow, silent or many.

use std::time::Duration;

use sluse::limits::{TimeLimits, WireLimits};
use tokio::io::AsyncWriteExt;
use tokio::time::{Instant, sleep};

use crate::smtp::client::{Changes, Client, Gate};

/// A gate that waits half a second for anything.
async fn impatient() -> Gate {
    Gate::open(Changes {
        time: TimeLimits {
            command: Duration::from_millis(500),
            data: Duration::from_millis(500),
            ..TimeLimits::default()
        },
        wire: WireLimits {
            data_rate: 1000,
            ..WireLimits::default()
        },
        ..Changes::default()
    })
    .await
}

/// Sends a piece every 20 ms, until the other side has had enough or we have.
async fn drip(client: &mut Client, piece: &[u8], most: Duration) -> Duration {
    let begun = Instant::now();
    let mut probe = [0; 1];
    while begun.elapsed() < most && client.stream.write_all(piece).await.is_ok() {
        sleep(Duration::from_millis(20)).await;
        if client.stream.try_read(&mut probe).is_ok() {
            break;
        }
    }
    begun.elapsed()
}

#[tokio::test]
async fn a_client_that_says_nothing_is_told_so() {
    let gate = impatient().await;
    let mut client = gate.client().await;
    client.hears("421 4.4.2 You took too long").await;
    client.hears_the_end().await;
}

#[tokio::test]
async fn dripping_octets_do_not_put_off_the_deadline_of_a_command() {
    let gate = impatient().await;
    let mut client = gate.client().await;
    let took = drip(&mut client, b"x", Duration::from_secs(5)).await;
    assert!(took < Duration::from_secs(2), "{took:?}");
}

#[tokio::test]
async fn a_message_that_drips_is_not_waited_for() {
    let gate = impatient().await;
    let mut client = gate.client().await;
    client.begin_data().await;
    let took = drip(&mut client, b"x\r\n", Duration::from_secs(10)).await;
    assert!(took < Duration::from_secs(3), "{took:?}");
    gate.recorder.noted("abandon").await;
}

#[tokio::test]
async fn a_message_that_arrives_steadily_is_waited_for() {
    let gate = impatient().await;
    let mut client = gate.client().await;
    client.begin_data().await;
    let took = drip(&mut client, &[b'x'; 200], Duration::from_millis(1500)).await;
    assert!(took >= Duration::from_millis(1500), "{took:?}");
    client.ask("\r\n.", "250 2.0.0 Taken").await;
}

#[tokio::test]
async fn connections_are_counted_in_all_and_by_client() {
    for (connections, connections_per_client, reply) in [
        (2, 9, "421 4.3.2 Too many connections; try again later"),
        (
            9,
            2,
            "421 4.7.0 Too many connections from you; try again later",
        ),
    ] {
        let gate = Gate::open(Changes {
            wire: WireLimits {
                connections,
                connections_per_client,
                ..WireLimits::default()
            },
            ..Changes::default()
        })
        .await;
        let (first, mut second) = (gate.client().await, gate.client().await);
        let mut third = gate.stranger().await;
        third.hears(reply).await;
        third.hears_the_end().await;
        drop(first);
        second.ask("QUIT", "221 2.0.0 Bye").await;
        second.hears_the_end().await;
        sleep(Duration::from_millis(50)).await;
        gate.client().await;
    }
}

#[tokio::test]
async fn a_hundred_thousand_idle_commands_cost_little() {
    let gate = Gate::open(Changes::default()).await;
    let mut client = gate.client().await;
    let (mut reader, mut writer) = client.stream.split();
    let group = "RSET\r\nNOOP\r\n".repeat(500);
    let expected = 100_000 * "250 2.0.0 Ok\r\n".len();
    let sent = async {
        for _ in 0..100 {
            writer.write_all(group.as_bytes()).await.unwrap();
        }
    };
    let heard = async {
        let mut octets = 0;
        let mut buffer = vec![0; 1 << 16];
        while octets < expected {
            octets += tokio::io::AsyncReadExt::read(&mut reader, &mut buffer)
                .await
                .unwrap();
        }
        octets
    };
    let ((), heard) = tokio::join!(sent, heard);
    assert_eq!(heard, expected);
}
