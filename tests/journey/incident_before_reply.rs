//! Record before reply: when a message that made an incident moves, the incident is already on the disk.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};

use super::guard::{Guard, incidents};
use super::hop::{Answer, Hop};
use super::{CITIZEN, CPR, TAKEN};

#[test]
fn when_the_secure_route_gets_data_the_incident_is_there() {
    let database = Arc::new(OnceLock::<PathBuf>::new());
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (log, at_data) = (Arc::clone(&database), Arc::clone(&seen));
    let secure = Hop::that(move |word| {
        if word.is("DATA") {
            // Another process looks: what it sees is committed.
            let outcomes = incidents(log.get().unwrap());
            let outcomes = outcomes.into_iter().map(|incident| incident.outcome);
            at_data.lock().unwrap().push(outcomes.collect::<Vec<_>>());
        }
        Answer::AsUsual
    });
    let normal = Hop::start();
    let guard = Guard::between(&normal, &secure);
    database.set(guard.path("incidents.db")).unwrap();
    assert_eq!(guard.client().send(&[CITIZEN], CPR), TAKEN);
    // One incident, of which it is not known yet what becomes of it.
    assert_eq!(*seen.lock().unwrap(), [[None]]);
    assert_eq!(
        guard.incident(),
        (Some("secured".to_owned()), vec!["opened", "secured"])
    );
    assert_eq!(
        guard.told_once("passed on")["incident.id"],
        guard.incidents()[0].id
    );
}

#[test]
fn when_a_refusal_is_heard_the_incident_is_there_and_named() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::between(&normal, &secure);
    let reply = guard
        .client()
        .send(&[CITIZEN], "Subject: CPR 140562-1234\r\n\r\nHej\r\n");
    assert!(reply.starts_with("550"), "{reply}");
    let [incident] = guard.incidents().try_into().unwrap();
    assert!(reply.contains(&incident.id), "{reply}");
    assert_eq!(incident.outcome.as_deref(), Some("refused"));
    assert_eq!((normal.count("DATA"), secure.count("DATA")), (0, 0));
    guard.told_once("refused");
}
