//! An inspector that a message has taken over says what cannot be: it is ended, and the message is a gap.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use sluse::extract::Reason;
use sluse::inspect::{Door, DoorSettings};
use sluse::pattern::{FingerprintKey, Packs, Stock};
use tokio::time::Instant;

use super::spooled;

#[tokio::test]
async fn its_message_is_a_gap() {
    let packs = Packs::shipped(FingerprintKey::new([7; 32]));
    let version = packs.version().to_string();
    let ready =
        format!(r#"{{"Ok":{{"packs":"{version}","walls":{{"standing":[],"missing":[]}}}}}}"#);
    let begun = octal(&[6]);
    let clean =
        r#"{"findings":[],"gaps":[],"defects":[],"protection":"None","heading":"","pictures":[]}"#;
    let unknown = clean.replace("None", "Vault");
    let path = clean.replace(
        "\"defects\":[]",
        r#""defects":[{"kind":"Encoding","part":"/etc"}]"#,
    );
    // Nobody reads pictures here, so that none may be asked for.
    let picture = clean.replace(
        "\"pictures\":[]",
        r#""pictures":[{"spot":{"place":"Attachment","part":"2","name":null,"page":null,"unread":"Media"},"len":1}]"#,
    );
    for (answer, reasons) in [
        // What an honest one says.
        (frame(clean), vec![]),
        (frame(&unknown), vec![Reason::Damaged]),
        (frame(&path), vec![Reason::Damaged]),
        (frame(&picture), vec![Reason::Damaged]),
        (frame("140562-1234"), vec![Reason::Damaged]),
        // It would be four gigabytes.
        (octal(&[0xFF; 4]), vec![Reason::Damaged]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("inspector");
        let ready = frame(&ready);
        let text =
            format!("#!/bin/sh\nexec >&0\n{ready}{begun}{answer}while read -r _; do :; done\n");
        fs::write(&program, text).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let settings = DoorSettings {
            workers: 1,
            ocr: None,
            program,
            ..DoorSettings::default()
        };
        let door = Door::open(settings, Stock::of(&packs), packs.key().clone());
        let door = door.await.unwrap();
        let late = Instant::now() + Duration::from_secs(60);
        let read = door
            .inspect(&spooled(b"x: y\r\n\r\nz"), late)
            .await
            .unwrap();
        let told: Vec<_> = read.gaps.iter().map(|gap| gap.reason).collect();
        assert_eq!(told, reasons, "{answer}");
    }
}

/// A command that says a frame.
fn frame(text: &str) -> String {
    let len = u32::try_from(text.len()).unwrap().to_le_bytes();
    octal(&[&len, text.as_bytes()].concat())
}

/// A command that says these octets.
fn octal(octets: &[u8]) -> String {
    let written: String = octets
        .iter()
        .map(|octet| format!("\\{octet:03o}"))
        .collect();
    format!("printf '{written}'\n")
}
