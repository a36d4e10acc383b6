//! Somebody watches: numbers, and whether messages are taken.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use rcgen::date_time_ymd;

use super::guard::Guard;
use super::hop::{Answer, Hop, Word};
use super::{CITIZEN, CLEAN, CPR, TAKEN};

/// What makes it tell.
pub(super) const TELLS: &str = "monitor.addresses = [\"127.0.0.1:0\"]";

impl Guard {
    /// What is told at this path: the number of the status, and the text.
    pub(super) fn page(&self, path: &str) -> (u16, String) {
        let told = self.wait("an address to ask at", |guard| {
            let entries = guard.entries().into_iter().rev();
            let mut told =
                entries.filter(|entry| entry["message"] == "numbers and health are told");
            Some(told.next()?["address"].as_str().unwrap().to_owned())
        });
        let address: SocketAddr = told.parse().unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        let patience = Some(Duration::from_secs(15));
        stream.set_read_timeout(patience).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: sluse\r\n\r\n").unwrap();
        let mut page = String::new();
        stream.read_to_string(&mut page).unwrap();
        let (head, text) = page.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, text.to_owned())
    }

    /// A number, by its line without the value.
    pub(super) fn number(&self, series: &str) -> f64 {
        let (_, numbers) = self.page("/metrics");
        let line = numbers.lines().find_map(|line| line.strip_prefix(series));
        let value = line.and_then(|rest| rest.strip_prefix(' '));
        value
            .unwrap_or_else(|| panic!("no {series} in\n{numbers}"))
            .parse()
            .unwrap()
    }
}

#[test]
fn what_happens_is_counted_and_nothing_of_it_told() {
    let normal = Hop::that(|word| match word {
        Word::Line(line) if line.contains("ukendt") => Answer::Say("550 5.1.1 No such user"),
        _ => Answer::AsUsual,
    });
    let secure = Hop::start();
    let guard = Guard::with(normal.port, secure.port, &[TELLS]);
    let mut client = guard.client();
    assert_eq!(client.send(&[CITIZEN], CLEAN), TAKEN);
    assert_eq!(client.send(&[CITIZEN], CPR), TAKEN);
    assert!(
        client
            .send(&[CITIZEN], CPR.replace("Svar", "Om 140562-1234"))
            .starts_with("550")
    );
    client.ask("MAIL FROM:<meho@kommune.example>");
    assert!(
        client
            .ask("RCPT TO:<ukendt@borger.example>")
            .starts_with("550")
    );
    client.ask("RSET");
    for (series, number) in [
        ("sluse_messages_total", 3.0),
        (
            concat!(
                "sluse_build_info{version=\"",
                env!("CARGO_PKG_VERSION"),
                "\"}"
            ),
            1.0,
        ),
        ("sluse_transactions_abandoned_total", 1.0),
        ("sluse_connections", 1.0),
        ("sluse_ready", 1.0),
        ("sluse_replies_total{class=\"5xx\"}", 2.0),
        ("sluse_replies_total{class=\"4xx\"}", 0.0),
        (
            "sluse_answers_total{disposition=\"relay\",outcome=\"passed_on\"}",
            1.0,
        ),
        (
            "sluse_answers_total{disposition=\"secure\",outcome=\"passed_on\"}",
            1.0,
        ),
        (
            "sluse_answers_total{disposition=\"refuse\",outcome=\"refused\"}",
            1.0,
        ),
        ("sluse_answer_seconds_count{outcome=\"passed_on\"}", 2.0),
        (
            "sluse_answer_seconds_bucket{outcome=\"refused\",le=\"+Inf\"}",
            1.0,
        ),
        ("sluse_inspection_seconds_count", 3.0),
        ("sluse_incidents_total{attempt=\"first\"}", 2.0),
        ("sluse_incident_failures_total", 0.0),
        (
            "sluse_next_hop_messages_total{route=\"normal\",outcome=\"taken\"}",
            1.0,
        ),
        (
            "sluse_next_hop_messages_total{route=\"secure\",outcome=\"taken\"}",
            1.0,
        ),
        (
            "sluse_next_hop_message_seconds_count{route=\"secure\"}",
            1.0,
        ),
        ("sluse_spool_bytes{where=\"memory\"}", 0.0),
        ("sluse_inspectors{state=\"missing\"}", 0.0),
        ("sluse_configuration_generation", 1.0),
        ("sluse_connections_total{listener=\"127.0.0.1:0\"}", 1.0),
    ] {
        assert_eq!(guard.number(series), number, "{series}");
    }
    let found: f64 = ["low", "medium", "high"]
        .map(|confidence| {
            let labels = format!("{{category=\"national-id\",confidence=\"{confidence}\"}}");
            guard.number(&format!("sluse_findings_total{labels}"))
        })
        .iter()
        .sum();
    assert!(found >= 2.0, "{found}");
    let (status, numbers) = guard.page("/metrics");
    assert_eq!(status, 200);
    // The colleague of whom nobody may know whether he exists, the citizen, the sender, the number, the client.
    for personal in [
        "140562",
        "1405",
        "karen",
        "meho",
        "ukendt",
        "kommune.example",
        "borger",
    ] {
        assert!(!numbers.contains(personal), "{personal} in\n{numbers}");
    }
    assert_eq!(guard.page("/healthz"), (200, "alive\n".to_owned()));
    assert_eq!(guard.page("/readyz"), (200, "ready\n".to_owned()));
    assert_eq!(guard.page("/").0, 404);
}

/// The manual tells of every metric, of its labels, and of no other; the rules for Prometheus name no other either.
#[test]
fn every_metric_is_documented_and_every_documented_one_is_there() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::with(normal.port, secure.port, &[TELLS]);
    assert_eq!(guard.client().send(&[CITIZEN], CPR), TAKEN);
    let (_, numbers) = guard.page("/metrics");
    let types = numbers
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE "));
    let told: BTreeSet<&str> = types.filter_map(|line| line.split(' ').next()).collect();
    let manual = fs::read_to_string("src/manual/watching.rs").unwrap();
    let rows = manual
        .lines()
        .filter_map(|line| line.strip_prefix("//! | `"));
    let documented: BTreeSet<&str> = rows.filter_map(|row| row.split('`').next()).collect();
    assert_eq!(told, documented);
    assert!(told.len() > 30, "{told:?}");
    let catalogue = fs::read_to_string("src/metrics/catalogue.rs").unwrap();
    let strings = catalogue.split('"').skip(1).step_by(2);
    let is_name = |text: &&str| text.starts_with("sluse_") || text.starts_with("process_");
    assert_eq!(strings.filter(is_name).collect::<BTreeSet<_>>(), told);

    for line in numbers.lines().filter(|line| !line.starts_with('#')) {
        let (series, value) = line.rsplit_once(' ').unwrap();
        assert!(value.parse::<f64>().is_ok(), "{line}");
        let name = series.split('{').next().unwrap();
        let ends = ["_bucket", "_sum", "_count"];
        let family = ends
            .iter()
            .find_map(|end| name.strip_suffix(end).filter(|it| told.contains(it)));
        let family = family.unwrap_or(name);
        assert!(told.contains(family), "{line}");
        let row = format!("//! | `{family}` | ");
        let row = manual
            .lines()
            .find_map(|line| line.strip_prefix(&row))
            .unwrap();
        let labels = row.split('|').next().unwrap();
        for label in series
            .split(['{', ','])
            .filter_map(|part| part.split_once('='))
        {
            let documented = label.0 == "le" || labels.contains(&format!("`{}`", label.0));
            assert!(documented, "the label of {line}");
        }
    }

    let rules = fs::read_to_string("config/prometheus/sluse.rules.yml").unwrap();
    let words = rules.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    let named: BTreeSet<&str> = words.filter(|word| word.starts_with("sluse_")).collect();
    assert!(named.len() >= 3 && named.is_subset(&told), "{named:?}");
}

#[test]
fn why_no_message_is_taken_is_told() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let spool = tempfile::tempdir().unwrap();
    let folder = format!("spool.folder = \"{}\"", spool.path().display());
    let guard = Guard::with(normal.port, secure.port, &[TELLS, &folder]);
    assert_eq!(guard.page("/readyz").0, 200);
    let log = guard.path("incidents.db");
    fs::rename(&log, guard.path("elsewhere.db")).unwrap();
    spool.close().unwrap();
    let reasons = guard.wait("not ready", |guard| {
        let (status, reasons) = guard.page("/readyz");
        (status == 503).then_some(reasons)
    });
    assert!(
        reasons.contains("was removed or replaced while in use"),
        "{reasons}"
    );
    assert!(reasons.contains("the spool failed"), "{reasons}");
    assert_eq!(guard.number("sluse_ready"), 0.0);
    // It lives all the same, and what it saw was no message that was lost.
    assert_eq!(guard.page("/healthz").0, 200);
    assert_eq!(guard.number("sluse_incident_failures_total"), 0.0);
    assert!(
        guard
            .client()
            .send(&[CITIZEN], CPR)
            .starts_with("451 4.3.0")
    );
    assert_eq!(guard.number("sluse_incident_failures_total"), 1.0);
    fs::rename(guard.path("elsewhere.db"), &log).unwrap();
    guard.wait_until("the log to be there again", |guard| {
        !guard.page("/readyz").1.contains("removed")
    });
}

#[test]
fn a_guard_that_stops_is_not_ready_and_lives() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let mut guard = Guard::with(normal.port, secure.port, &[TELLS]);
    let mut client = guard.client();
    client.begin(&[CITIZEN]);
    client.say("Subject: x\r\n");
    guard.ask_to_stop();
    let (_, reasons) = guard.wait("not ready", |guard| {
        Some(guard.page("/readyz")).filter(|(status, _)| *status == 503)
    });
    assert_eq!(reasons, "stopping\n");
    assert_eq!(guard.page("/healthz").0, 200);
    assert_eq!(client.finish("\r\ny\r\n"), TAKEN);
    assert!(guard.ended().success());
}

#[test]
fn a_configuration_that_is_not_good_is_counted() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::with(normal.port, secure.port, &[TELLS]);
    guard.tell(&["log.level = \"loud\""]);
    guard.ask_to_reload();
    guard.told_once("the configuration was not exchanged: the one in force stays");
    assert_eq!(guard.number("sluse_reloads_total{outcome=\"kept\"}"), 1.0);
    assert_eq!(
        guard.number("sluse_configuration_last_reload_successful"),
        0.0
    );
    assert_eq!(guard.number("sluse_configuration_generation"), 1.0);
    guard.tell(&["log.level = \"debug\""]);
    guard.ask_to_reload();
    guard.told_once("configuration exchanged");
    assert_eq!(
        guard.number("sluse_reloads_total{outcome=\"exchanged\"}"),
        1.0
    );
    assert_eq!(
        guard.number("sluse_configuration_last_reload_successful"),
        1.0
    );
    assert_eq!(guard.number("sluse_configuration_generation"), 2.0);
}

#[test]
fn when_certificates_run_out_is_told() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let folder = tempfile::tempdir().unwrap();
    let mut params = rcgen::CertificateParams::new(vec!["sluse.example".to_owned()]).unwrap();
    params.not_after = date_time_ymd(2031, 5, 6);
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let (pem, key_pem) = (folder.path().join("a.pem"), folder.path().join("a.key"));
    fs::write(&pem, certificate.pem()).unwrap();
    fs::write(&key_pem, key.serialize_pem()).unwrap();
    let keys = [
        TELLS,
        "listen.tls = \"offered\"",
        &format!("listen.certificate = \"{}\"", pem.display()),
        &format!("listen.key = \"{}\"", key_pem.display()),
    ];
    let guard = Guard::with(normal.port, secure.port, &keys);
    let series = format!(
        "sluse_certificate_not_after_timestamp_seconds{{file=\"{}\"}}",
        pem.display()
    );
    assert_eq!(guard.number(&series), 1_935_792_000.0);
}
