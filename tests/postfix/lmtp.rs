//! Behind the queue over LMTP, as `config/postfix/lmtp-master.cf` has it: Postfix hears an answer for each recipient.

use std::thread;
use std::time::{Duration, Instant};

use crate::port::free_port;
use crate::postfix::lab::{Guard, Postfix, is_text_of, swaks, swaks_with};
use crate::postfix::sink::Sink;

const COLLEAGUE: &str = "bo@kommune.example";
const CITIZEN: &str = "karen@borger.example";

/// What is shipped.
const SHIPPED: &str = include_str!("../../config/postfix/lmtp-master.cf");

/// Postfix, which hands what it takes to the guard and takes it back as shipped, at the ports of this test.
fn behind_queue(guard: &Guard, outlet: u16, normal: &Sink) -> (Postfix, u16) {
    let inlet = free_port();
    let services = SHIPPED.replace("127.0.0.1:10026", &format!("127.0.0.1:{outlet}"));
    assert_ne!(services, SHIPPED);
    let filter = format!("content_filter=guard:inet:127.0.0.1:{}", guard.lmtp);
    let relay_host = normal.address.port();
    let postfix = Postfix::start_besides(relay_host, &services, &[(inlet, &[&filter])]);
    (postfix, inlet)
}

/// Waits until Postfix has logged this of a recipient.
fn logged(postfix: &Postfix, recipient: &str, status: &str) -> String {
    let late = Instant::now() + Duration::from_secs(30);
    loop {
        let log = postfix.log();
        let of_recipient = format!("to=<{recipient}>");
        let mut lines = log.lines().filter(|line| line.contains("postfix/lmtp"));
        if let Some(line) = lines.find(|it| it.contains(&of_recipient) && it.contains(status)) {
            return line.to_owned();
        }
        assert!(Instant::now() < late, "{recipient} is not {status}");
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn one_is_delivered_to_and_the_message_of_the_other_is_returned() {
    let (normal, secure, outlet) = (Sink::start(), Sink::start(), free_port());
    let guard = Guard::start(outlet, secure.address.port());
    let (postfix, inlet) = behind_queue(&guard, outlet, &normal);
    swaks(inlet, &format!("{COLLEAGUE},{CITIZEN}"), "11-subject.eml");
    let sent = logged(&postfix, COLLEAGUE, "status=sent");
    assert!(sent.contains("250 2.0.0"), "{sent}");
    let returned = logged(&postfix, CITIZEN, "status=bounced");
    assert!(
        returned.contains("550-5.7.1") && returned.contains("denne modtager"),
        "{returned}"
    );
    // The colleague has it, and the sender the notice that tells why the citizen has not.
    let arrived = normal.wait(2);
    let of = |to: &str| {
        arrived
            .iter()
            .find(|it| it.recipients[0].contains(to))
            .unwrap()
    };
    assert!(is_text_of(of(COLLEAGUE).text(), "11-subject.eml"));
    assert_eq!(of(COLLEAGUE).recipients.len(), 1);
    let notice = of("meho@kommune.example");
    let notice = String::from_utf8_lossy(notice.text()).into_owned();
    assert!(
        notice.contains(CITIZEN) && notice.contains("5.7.1"),
        "{notice}"
    );
    assert!(secure.delivered().is_empty());
    assert_eq!(guard.incidents().len(), 1);
}

#[test]
fn only_who_was_deferred_is_tried_again() {
    let (normal, outlet, port) = (Sink::start(), free_port(), free_port());
    let guard = Guard::start(outlet, port);
    let (postfix, inlet) = behind_queue(&guard, outlet, &normal);
    swaks(inlet, &format!("{CITIZEN},{COLLEAGUE}"), "05-text.eml");
    logged(&postfix, COLLEAGUE, "status=sent");
    let deferred = logged(&postfix, CITIZEN, "status=deferred");
    assert!(deferred.contains("451 4.4.1"), "{deferred}");
    assert!(is_text_of(normal.wait(1)[0].text(), "05-text.eml"));
    let queue = postfix.queue();
    assert!(
        queue.contains(CITIZEN) && !queue.contains(COLLEAGUE),
        "{queue}"
    );
    let secure = Sink::at(port);
    postfix.flush();
    assert!(is_text_of(secure.wait(1)[0].text(), "05-text.eml"));
    logged(&postfix, CITIZEN, "status=sent");
    // Nobody was sent to twice, and there is one incident, however often it was tried.
    assert_eq!((normal.delivered().len(), secure.delivered().len()), (1, 1));
    assert_eq!(guard.incidents().len(), 1);
}

/// Another client than Postfix, and than our own.
#[test]
fn swaks_speaks_lmtp() {
    let (normal, secure) = (Sink::start(), Sink::start());
    let guard = Guard::start(normal.address.port(), secure.address.port());
    let to = format!("{COLLEAGUE},{CITIZEN}");
    let lmtp = ["--protocol", "LMTP"];
    let transcript = swaks_with(guard.lmtp, &to, "11-subject.eml", &lmtp);
    assert!(transcript.contains("LHLO"), "{transcript}");
    let taken = transcript.contains("250 2.0.0 kept");
    assert!(
        taken && transcript.contains("550 5.7.1 Reference"),
        "{transcript}"
    );
    assert_eq!(normal.wait(1)[0].recipients.len(), 1);
    assert!(secure.delivered().is_empty());
}
