//! A whole transaction at once, on another route than the one it began on.

use sluse::act::{HeaderMark, Marks, Reuse, Route, Told, Way};
use sluse::smtp::Xforward;

use super::hop::Hop;
use super::{DATA, HELLO, HELLO_PIPELINING, envelope, route, script, soon, spooled, way, wire};

async fn replay(script: &str, recipients: &[&str]) -> (String, super::hop::Heard) {
    let hop = Hop::play(&[script]);
    let way = way(hop.port);
    let mut leg = way.leg().await.unwrap();
    let xforward = Xforward::default();
    let message = spooled(b"a: b\r\n\r\nc\r\n");
    let envelope = envelope(recipients);
    let reply = leg.replay(&xforward, &envelope, &message, Told::Nothing, soon());
    let reply = wire(&reply.await.unwrap());
    leg.release().await;
    drop(way);
    (reply, hop.heard())
}

#[tokio::test]
async fn all_is_sent_in_groups_where_the_next_hop_takes_them() {
    for (hello, envelope) in [
        (
            HELLO_PIPELINING,
            "
            < MAIL FROM:<a@one.example> SIZE=11
            > 250 Ok
            < RCPT TO:<b@two.example>
            < RCPT TO:<c@two.example>
            > 250 Ok
            > 250 Ok
            ",
        ),
        (
            HELLO,
            "
            < MAIL FROM:<a@one.example>
            > 250 Ok
            < RCPT TO:<b@two.example>
            > 250 Ok
            < RCPT TO:<c@two.example>
            > 250 Ok
            ",
        ),
    ] {
        let script = script(&[hello, envelope, DATA, "! message \n > 250 Done"]);
        let (reply, heard) = replay(&script, &["b@two.example", "c@two.example"]).await;
        assert_eq!(reply, "250 2.0.0 Done\r\n");
        assert_eq!(heard.messages, [b"a: b\r\n\r\nc\r\n"]);
    }
}

#[tokio::test]
async fn one_refused_recipient_and_nothing_is_sent() {
    for (replies, told) in [
        ("> 250 Ok\n > 550 5.1.1 No\n > 250 Ok\n", "550 5.1.1 No\r\n"),
        (
            "> 550 5.1.1 No\n > 450 4.2.1 Later\n > 250 Ok\n",
            "450 4.2.1 Later\r\n",
        ),
        (
            "> 550 5.1.1 No\n > 551 5.1.6 Gone\n > 552 5.2.2 Full\n",
            "550 5.1.1 No\r\n",
        ),
    ] {
        let script = script(&[
            HELLO_PIPELINING,
            "< MAIL\n > 250 Ok\n < RCPT\n < RCPT\n < RCPT\n",
            replies,
            "< RSET\n > 250 Ok\n ! stall",
        ]);
        let recipients = ["b@two.example", "c@two.example", "d@two.example"];
        let (reply, heard) = replay(&script, &recipients).await;
        assert_eq!(reply, told);
        assert_eq!(heard.messages.len(), 0);
    }
}

#[tokio::test]
async fn a_thousand_recipients_are_sent_in_groups_that_block_nobody() {
    let addresses: Vec<String> = (0..1000).map(|n| format!("n{n}@two.example")).collect();
    let addresses: Vec<&str> = addresses.iter().map(String::as_str).collect();
    let group = "< RCPT\n".repeat(50) + &"> 250 2.1.5 Ok\n".repeat(50);
    let script = script(&[
        HELLO_PIPELINING,
        "< MAIL\n > 250 Ok\n",
        &group.repeat(20),
        DATA,
        "! message \n > 250 Done",
    ]);
    let (reply, heard) = replay(&script, &addresses).await;
    assert_eq!(reply, "250 2.0.0 Done\r\n");
    assert_eq!(heard.lines.len(), 1003);
}

#[tokio::test]
async fn the_size_told_counts_what_is_added() {
    let script = script(&[
        HELLO_PIPELINING,
        "< MAIL FROM:<a@one.example> SIZE=46\n > 550 No",
    ]);
    let hop = Hop::play(&[&script]);
    let marks = Marks {
        header: Some(HeaderMark {
            name: "X-Secure".into(),
            value: "yes".into(),
        }),
        subject: Some("[sikker]".into()),
    };
    let route = Route {
        marks,
        ..route(hop.port)
    };
    let way = Way::new(route, Reuse::default()).unwrap();
    let mut leg = way.leg().await.unwrap();
    let xforward = Xforward::default();
    let envelope = envelope(&["b@two.example"]);
    // 12 octets, `X-Secure: yes` and `Subject: [sikker]`, each with its line ending.
    let message = spooled(b"a: b\r\n\r\ncd\r\n");
    let reply = leg.replay(&xforward, &envelope, &message, Told::Nothing, soon());
    assert_eq!(reply.await.unwrap().code(), 550);
    hop.heard();
}
