//! What the log tells, and what it does not.

use super::*;

#[tokio::test]
async fn no_number_and_no_name_is_kept_in_the_clear() {
    let laboratory = Laboratory::new();
    let log = laboratory.log().unwrap();
    let id = log
        .record(laboratory.incident("a", Action::Refuse))
        .await
        .unwrap();
    log.outcome(id, Outcome::Refused).await.unwrap();
    drop(log);
    let story = laboratory.reader().show(id).unwrap();
    let mut kept = tell(&story, Language::Danish) + &tell(&story, Language::English);
    for entry in fs::read_dir(laboratory.folder.path()).unwrap() {
        kept += &String::from_utf8_lossy(&fs::read(entry.unwrap().path()).unwrap());
    }
    assert!(kept.contains("borger@mail.example") && kept.contains("0101XX-XXXX"));
    for secret in [CPR, "010190", "-1234"] {
        assert!(!kept.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn lists_are_filtered_and_newest_first() {
    let laboratory = Laboratory::new();
    let log = laboratory.log().unwrap();
    let mut old = laboratory.incident("a", secure());
    old.at = old
        .at
        .checked_sub(Duration::from_secs(30 * 86_400))
        .unwrap();
    log.record(old).await.unwrap();
    let near = log
        .record(laboratory.incident("b", secure()))
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_millis(2)).await;
    let breach = log
        .record(laboratory.incident("c", Action::Observe))
        .await
        .unwrap();
    let reader = laboratory.reader();
    let all = listed(&reader, &Filter::default());
    assert_eq!(all.len(), 3);
    assert_eq!(all[0].id, breach.to_string());
    let since = Some(clock::now().checked_sub(Duration::from_secs(3600)).unwrap());
    assert_eq!(listed(&reader, &Filter { since, kind: None }).len(), 2);
    let kind = Some(Kind::NearMiss);
    let misses = listed(&reader, &Filter { since, kind });
    assert_eq!(misses.len(), 1);
    assert_eq!(misses[0].id, near.to_string());
}

#[test]
fn an_incident_tells_so_much_and_counts_the_rest() {
    let settings = Settings {
        told: 1,
        ..Settings::default()
    };
    let facts = incident(&settings, "a", Action::Refuse).facts;
    assert_eq!((facts.recipients.len(), facts.recipient_count), (1, 2));
    assert_eq!(facts.severity, Severity::Medium);
    assert_eq!(facts.queue_id.as_deref(), Some("4Zq1203XK"));
    assert_eq!(facts::queue_id("0101901234"), "••••••••••");
}

#[tokio::test]
async fn an_incident_is_told_in_both_languages() {
    let laboratory = Laboratory::new();
    let log = laboratory.log().unwrap();
    let id = log
        .record(laboratory.incident("a", Action::Observe))
        .await
        .unwrap();
    log.outcome(id, Outcome::Relayed).await.unwrap();
    let story = laboratory.reader().show(id).unwrap();
    let danish = tell(&story, Language::Danish);
    for says in [
        "Ansvarlig afsender: sagsbehandler@kommune.example",
        "Muligt brud",
        "72 timer",
        "Alvor: middel",
        "  - CPR-nummer 0101XX-XXXX i beskedens tekst (sikkert; label `cpr`)",
        "  - løn ••••••-••••.zip kunne ikke læses: krypteret (zip: needs a password)",
        "  - regel \"cpr\" kræver bekræftet TLS, ellers kun noteret",
        "Modtagere: 2, heraf uden nok beskyttelse: 2",
        "  - borger@mail.example: ingen kendt beskyttelse; for lidt efter \"cpr\"",
        "mailserverens kø-id 4Zq1203XK",
        "sendt videre ad den normale vej",
    ] {
        assert!(danish.contains(says), "{says}\n{danish}");
    }
    let english = tell(&story, Language::English);
    for says in [
        "Accountable sender: sagsbehandler@kommune.example",
        "Possible breach",
        "  - CPR number 0101XX-XXXX in the text of the message (certain; label `cpr`)",
        "relayed by the normal route",
    ] {
        assert!(english.contains(says), "{says}\n{english}");
    }
}

/// Over LMTP a message may be taken for one recipient and refused for another: who got what is told, without a number in the clear.
#[tokio::test]
async fn what_became_of_it_for_each_recipient_is_told() {
    let laboratory = Laboratory::new();
    let log = laboratory.log().unwrap();
    let incident = laboratory.incident("a", secure());
    let id = log.record(incident).await.unwrap();
    let secured = Outcome::secured(&RouteName::new("secure"));
    let each = |told| {
        let numbered = format!("{CPR}@mail.example");
        let outcomes = [
            ("a@mail.example", secured.clone()),
            (&numbered, Outcome::Declined { code: 550 }),
            ("b@mail.example", secured.clone()),
        ];
        let masked = outcomes.map(|(to, outcome)| (Masked::new(to), outcome));
        Outcome::of_each(masked, told)
    };
    log.outcome(id, each(1)).await.unwrap();
    drop(log);
    let reader = laboratory.reader();
    reader.verify().unwrap();
    let story = reader.show(id).unwrap();
    assert_eq!(story.summary.outcome.as_deref(), Some("mixed"));
    let last = &story.events.last().unwrap().kind;
    assert_eq!(*last, EventKind::Outcome(each(1)));
    let (danish, english) = (
        tell(&story, Language::Danish),
        tell(&story, Language::English),
    );
    assert!(english.contains("a@mail.example and 1 more: sent by the secure route \"secure\"; "));
    assert!(english.contains("@mail.example: refused by the next hop (550)"));
    assert!(danish.contains("a@mail.example og 1 mere: sendt ad den sikre rute"));
    for secret in [CPR, "010190", "-1234"] {
        assert!(!(danish.clone() + &english).contains(secret), "{secret}");
    }
    // Where it is the same for all, nobody needs to be told apart.
    let same = ["a", "b"].map(|to| (Masked::new(to), Outcome::Relayed));
    assert_eq!(Outcome::of_each(same, 9), Outcome::Relayed);
}
