//! LMTP under TLS.

use sluse::accept::Begin;
use sluse::smtp::Protocol;

use crate::act::tls::Authority;
use crate::smtp::client::{Changes, Gate};
use crate::smtp::tls::{READY, Secured, connector, tls};

/// LHLO is forgotten as EHLO is, and each recipient is answered.
#[tokio::test]
async fn lmtp_goes_under_tls_too() {
    let authority = Authority::new();
    let gate = Gate::open(Changes {
        tls: Some(tls(&authority, Begin::Required)),
        protocol: Protocol::Lmtp,
        ..Changes::default()
    })
    .await;
    let mut client = gate.stranger().await;
    client.hears("220 mx.example LMTP Sluse").await;
    client.say("LHLO x\r\n").await;
    client.hear().await;
    client.ask("STARTTLS", READY).await;
    let connector = connector(&authority, None);
    let mut client = Secured::connect(&connector, client.stream).await.unwrap();
    let first = "503 5.5.1 Send LHLO first\r\n";
    assert_eq!(client.ask("MAIL FROM:<a@b.dk>").await, first);
    assert!(client.ask("LHLO x").await.starts_with("250-"));
    for command in ["MAIL FROM:<a@b.dk>", "RCPT TO:<c@d.dk>", "RCPT TO:<e@d.dk>"] {
        assert_eq!(client.ask(command).await, "250 2.1.0 Fine\r\n");
    }
    client.say("BDAT 5 LAST\r\nshort").await;
    for _ in 0..2 {
        assert_eq!(client.hear().await, "250 2.0.0 Taken\r\n");
    }
}
