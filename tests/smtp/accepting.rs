//! Transactions over a socket, from the greeting to the journey.

use sluse::accept::{Answer, Listener, Listeners, Settings};
use sluse::limits::{TimeLimits, WireLimits};
use sluse::smtp::{Protocol, Reply};
use sluse::spool;
use tokio::io::AsyncWriteExt;

use crate::smtp::client::{Changes, Gate, Recorder};

#[tokio::test]
async fn a_group_of_commands_is_answered_in_order_and_handed_on_as_typed() {
    let gate = Gate::open(Changes::default()).await;
    let mut client = gate.client().await;
    client
        .say(
            "XFORWARD NAME=x ADDR=192.0.2.7 IDENT=4XYZ1\r\n\
             MAIL FROM:<Anna@B.dk> SIZE=10 ret=HDRS\r\n\
             RCPT TO:<nobody@d.dk>\r\n\
             RCPT TO:<\"c d\"@D.dk> Notify=NEVER\r\n\
             DATA\r\n",
        )
        .await;
    client.hears("250 2.0.0 Ok").await;
    client.hears("250 2.1.0 Fine").await;
    client.hears("550 5.1.1 Nobody").await;
    client.hears("250 2.1.0 Fine").await;
    client.hears("354 End data with <CR><LF>.<CR><LF>").await;
    // The end in five segments, and the next group at once.
    client.say("Subject: x\r\n\r\n..\r").await;
    for octet in ["\n", ".", "\r"] {
        client.stream.flush().await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        client.say(octet).await;
    }
    client.say("\nMAIL FROM:<>\r\nRSET\r\nQUIT\r\n").await;
    client.hears("250 2.0.0 Taken").await;
    client.hears("250 2.1.0 Fine").await;
    client.hears("250 2.0.0 Ok").await;
    client.hears("221 2.0.0 Bye").await;
    client.hears_the_end().await;
    assert_eq!(
        gate.recorder.lines(),
        [
            "depart",
            "begin <Anna@B.dk> SIZE=10 ret=HDRS",
            "ident Some(\"4XYZ1\") helo client.example",
            "to <nobody@d.dk>",
            "to <\"c d\"@D.dk> Notify=NEVER",
            "message of 17 to 1",
            "answered",
            "begin <>",
            "abandon",
        ]
    );
    let message = gate.recorder.messages.lock().unwrap().pop().unwrap();
    assert_eq!(&*message.map().unwrap(), b"Subject: x\r\n\r\n.\r\n");
}

#[tokio::test]
async fn a_client_that_shuts_its_half_is_still_answered() {
    let gate = Gate::open(Changes::default()).await;
    let mut client = gate.client().await;
    client
        .say("MAIL FROM:<a@b.dk>\r\nRCPT TO:<c@d.dk>\r\nDATA\r\nx\r\n.\r\n")
        .await;
    client.stream.shutdown().await.unwrap();
    client.hears("250 2.1.0 Fine").await;
    client.hears("250 2.1.0 Fine").await;
    client.hears("354 End data with <CR><LF>.<CR><LF>").await;
    client.hears("250 2.0.0 Taken").await;
    client.hears_the_end().await;
}

#[tokio::test]
async fn a_next_hop_that_hangs_up_or_talks_nonsense_is_no_yes() {
    let gate = Gate::open(Changes::default()).await;
    let mut client = gate.client().await;
    let garbled = Reply::NEXT_HOP_GARBLED;
    let garbled = String::from_utf8_lossy(garbled.lines().next().unwrap()).into_owned();
    client
        .ask("MAIL FROM:<confused@b.dk>", &format!("451 {garbled}"))
        .await;
    client
        .ask("RCPT TO:<c@d.dk>", "503 5.5.1 Send MAIL first")
        .await;
    client.ask("MAIL FROM:<a@b.dk>", "250 2.1.0 Fine").await;
    client
        .ask("RCPT TO:<hangs-up@d.dk>", "421 4.3.2 Later")
        .await;
    client.hears_the_end().await;
    gate.recorder.noted("abandon").await;
}

#[tokio::test]
async fn a_client_that_vanishes_before_the_end_has_sent_nothing() {
    let gate = Gate::open(Changes::default()).await;
    let mut client = gate.client().await;
    client.begin_data().await;
    client.say("x\r\n.\r").await;
    drop(client);
    gate.recorder.noted("abandon").await;
    assert!(gate.recorder.messages.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_client_that_vanishes_after_the_end_does_not_stop_the_journey() {
    let recorder = Recorder {
        verdicts: std::sync::Arc::new(tokio::sync::Semaphore::new(0)),
        ..Recorder::default()
    };
    let gate = Gate::open(Changes {
        recorder,
        ..Changes::default()
    })
    .await;
    let mut client = gate.client().await;
    client.begin_data().await;
    client.say("x\r\n.\r\n").await;
    gate.recorder.noted("message of 3 to 1").await;
    drop(client);
    gate.recorder.verdicts.add_permits(1);
    gate.recorder.noted("answered").await;
    assert!(!gate.recorder.lines().contains(&"abandon".to_owned()));
}

#[tokio::test]
async fn the_final_reply_of_the_journey_is_said_as_it_is() {
    let recorder = Recorder {
        final_reply: Reply::refused(&["5.7.1 Følsomt".to_owned()]).into(),
        ..Recorder::default()
    };
    let gate = Gate::open(Changes {
        recorder,
        ..Changes::default()
    })
    .await;
    let mut client = gate.client().await;
    client.begin_data().await;
    client.ask("x\r\n.", "550 5.7.1 Foelsomt").await;
    client
        .ask("RCPT TO:<c@d.dk>", "503 5.5.1 Send MAIL first")
        .await;
}

#[tokio::test]
async fn a_message_that_cannot_be_kept_is_deferred_and_the_dialogue_goes_on() {
    let gate = Gate::open(Changes {
        spool: spool::Settings {
            memory: 0,
            folder: "/nowhere/at/all".into(),
            ..spool::Settings::default()
        },
        ..Changes::default()
    })
    .await;
    let mut client = gate.client().await;
    client.begin_data().await;
    client.say("x".repeat(300_000)).await;
    client
        .ask(
            "\r\n.",
            "451 4.3.0 The message could not be kept; try again later",
        )
        .await;
    gate.recorder.noted("abandon").await;
    client.begin_data().await;
    client.ask("short\r\n.", "250 2.0.0 Taken").await;
}

#[tokio::test]
async fn too_large_is_said_after_the_end() {
    let gate = Gate::open(Changes {
        wire: WireLimits {
            message: 100_000,
            ..WireLimits::default()
        },
        ..Changes::default()
    })
    .await;
    let mut client = gate.client().await;
    client.begin_data().await;
    for _ in 0..200 {
        client.say("MAIL FROM:<x@y.dk>\r\n".repeat(50)).await;
    }
    client.ask(".", "552 5.3.4 Message too large").await;
    client.ask("NOOP", "250 2.0.0 Ok").await;
    gate.recorder.noted("abandon").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_message_is_kept_byte_for_byte_in_little_memory() {
    const MEGABYTES: usize = 64;
    let gate = Gate::open(Changes {
        wire: WireLimits {
            message: 100 << 20,
            ..WireLimits::default()
        },
        ..Changes::default()
    })
    .await;
    let mut client = gate.client().await;
    client.begin_data().await;
    let before = memory();
    let (line, stuffed) = (
        format!(".{}\r\n", "x".repeat(1021)),
        format!("..{}\r\n", "x".repeat(1021)),
    );
    let block = stuffed.repeat(1024);
    for _ in 0..MEGABYTES {
        client.say(&block).await;
    }
    client.ask(".", "250 2.0.0 Taken").await;
    let grown = memory().saturating_sub(before);
    assert!(grown < 24 << 10, "memory grew by {grown} kB");
    let message = gate.recorder.messages.lock().unwrap().pop().unwrap();
    assert_eq!(message.len(), (MEGABYTES << 20) as u64);
    let mut read = vec![0; 1 << 20];
    for at in 0..MEGABYTES {
        let mut filled = 0;
        while filled < read.len() {
            let offset = ((at << 20) + filled) as u64;
            filled += message.read_at(&mut read[filled..], offset).unwrap();
        }
        assert!(
            read == line.repeat(1024).as_bytes(),
            "megabyte {at} differs"
        );
    }
}

/// Memory of this process that no file backs, in kB.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("RssAnon:"))
        .unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[tokio::test]
async fn strangers_are_turned_away_at_the_greeting() {
    let gate = Gate::open(Changes {
        trusted: vec!["10.0.0.0/8"],
        ..Changes::default()
    })
    .await;
    let mut client = gate.stranger().await;
    client
        .hears("554 5.7.1 Messages are not taken from you here")
        .await;
    client.hears_the_end().await;
}

#[tokio::test]
async fn an_address_that_is_taken_is_named_before_anything_runs() {
    let gate = Gate::open(Changes::default()).await;
    let settings = Settings {
        host_name: "mx.example".into(),
        listeners: vec![Listener::new(gate.address, vec![]).unwrap()],
        chunking: true,
        wire: WireLimits::default(),
        time: TimeLimits::default(),
    };
    let error = Listeners::bind(&settings).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("cannot listen on {}", gate.address)
    );
}

#[tokio::test]
async fn over_lmtp_each_recipient_has_a_reply_whatever_becomes_of_the_message() {
    let recorder = Recorder {
        final_reply: Answer::Each(vec![
            Reply::new(250, "2.0.0 Taken"),
            Reply::new(550, "5.7.1 Not to him"),
        ]),
        ..Recorder::default()
    };
    let gate = Gate::open(Changes {
        recorder,
        protocol: Protocol::Lmtp,
        spool: spool::Settings {
            memory: 0,
            folder: "/nowhere/at/all".into(),
            ..spool::Settings::default()
        },
        ..Changes::default()
    })
    .await;
    let mut client = gate.stranger().await;
    client.hears("220 mx.example LMTP Sluse").await;
    client
        .ask("EHLO x", "500 5.5.1 This is LMTP; send LHLO")
        .await;
    client.say("LHLO x\r\n").await;
    client.hear().await;
    let long = "x".repeat(300_000);
    let chunk = format!("BDAT {} LAST\r\n{long}", long.len());
    let data = ["DATA\r\n", &long, "\r\n.\r\n"].concat();
    for message in [
        "DATA\r\nshort\r\n.\r\n",
        "BDAT 5 LAST\r\nshort",
        &data,
        &chunk,
    ] {
        client.ask("MAIL FROM:<a@b.dk>", "250 2.1.0 Fine").await;
        client.ask("RCPT TO:<c@d.dk>", "250 2.1.0 Fine").await;
        client
            .ask("RCPT TO:<nobody@d.dk>", "550 5.1.1 Nobody")
            .await;
        client.ask("RCPT TO:<e@d.dk>", "250 2.1.0 Fine").await;
        client.say(message).await;
        if message.starts_with("DATA") {
            client.hears("354 End data with <CR><LF>.<CR><LF>").await;
        }
        if message.len() < 100 {
            client.hears("250 2.0.0 Taken").await;
            client.hears("550 5.7.1 Not to him").await;
        } else {
            for _ in 0..2 {
                client
                    .hears("451 4.3.0 The message could not be kept; try again later")
                    .await;
            }
        }
        client.ask("NOOP", "250 2.0.0 Ok").await;
    }
}
