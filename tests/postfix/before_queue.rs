//! Before the queue: the sender's own client hears the verdict.

use crate::port::free_port;
use crate::postfix::lab::{Guard, Postfix, is_text_of, swaks};
use crate::postfix::sink::Sink;

/// Postfix takes the message, Sluse reads it, a second Postfix service queues it.
fn before_queue(options: &[&str]) -> (Postfix, Guard, u16, Sink, Sink) {
    let (normal, secure) = (Sink::start(), Sink::start());
    let (inlet, outlet) = (free_port(), free_port());
    let guard = Guard::start(outlet, secure.address.port());
    let filter = format!("smtpd_proxy_filter=127.0.0.1:{}", guard.port);
    let mut inlet_options = vec![
        filter.as_str(),
        "smtpd_discard_ehlo_keywords=chunking,etrn,dsn",
    ];
    inlet_options.extend(options);
    let outlet_options = &["smtpd_authorized_xforward_hosts=127.0.0.0/8"];
    let postfix = Postfix::start(
        normal.address.port(),
        &[(inlet, &inlet_options), (outlet, outlet_options)],
    );
    (postfix, guard, inlet, normal, secure)
}

#[test]
fn a_clean_message_arrives_as_it_was_written() {
    for options in [&[][..], &["smtpd_proxy_options=speed_adjust"]] {
        let (_postfix, _guard, inlet, normal, secure) = before_queue(options);
        swaks(inlet, "karen@borger.example", "02-clean-document.eml");
        let delivered = normal.wait(1);
        assert!(is_text_of(delivered[0].text(), "02-clean-document.eml"));
        assert!(delivered[0].text().len() > 40_000);
        assert!(secure.delivered().is_empty());
    }
}

#[test]
fn cpr_numbers_go_by_the_secure_route_wherever_they_stand() {
    let (_postfix, guard, inlet, normal, secure) = before_queue(&[]);
    let carriers = [
        "05-text.eml",
        "07-docx-comment.eml",
        "08-xlsx-hidden-sheet.eml",
        "09-pdf.eml",
        "10-zip-in-zip.eml",
    ];
    for carrier in carriers {
        let transcript = swaks(inlet, "karen@borger.example", carrier);
        assert!(
            transcript.contains("<-  250 2.0.0 kept"),
            "{carrier}\n{transcript}"
        );
    }
    let delivered = secure.wait(carriers.len());
    for (carrier, delivered) in carriers.iter().zip(&delivered) {
        assert!(is_text_of(delivered.text(), carrier), "{carrier}");
    }
    assert!(normal.delivered().is_empty());
    let incidents = guard.incidents();
    assert_eq!(incidents.len(), carriers.len());
    assert!(
        incidents
            .iter()
            .all(|incident| incident["kind"] == "near-miss"),
        "{incidents:?}"
    );
}

#[test]
fn a_refusal_reaches_the_sender_with_its_reason() {
    let (_postfix, guard, inlet, normal, secure) = before_queue(&[]);
    let transcript = swaks(inlet, "karen@borger.example", "11-subject.eml");
    assert!(transcript.contains("<** 550"), "{transcript}");
    assert!(
        transcript.contains("5.7.1") && transcript.contains("CPR"),
        "{transcript}"
    );
    assert!(
        !transcript.contains("1405621234") && !reply_lines(&transcript).contains("140562-1234")
    );
    assert!(normal.delivered().is_empty() && secure.delivered().is_empty());
    assert_eq!(guard.incidents().len(), 1);
    assert!(!guard.log().contains("140562"), "{}", guard.log());
}

/// What the server said: the rest of the transcript is the message itself.
fn reply_lines(transcript: &str) -> String {
    transcript
        .lines()
        .filter(|line| line.starts_with('<'))
        .collect()
}
