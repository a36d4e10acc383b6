//! What is recorded is kept, once.

use super::*;

#[tokio::test]
async fn what_is_recorded_is_there_for_others_at_once() {
    let laboratory = Laboratory::new();
    let log = laboratory.log().unwrap();
    let id = log
        .record(laboratory.incident("a", secure()))
        .await
        .unwrap();
    let story = laboratory.reader().show(id).unwrap();
    assert_eq!(story.summary.kind, "near-miss");
    assert_eq!(story.summary.outcome, None);
    let outcome = Outcome::secured(&RouteName::new("secure"));
    log.outcome(id, outcome.clone()).await.unwrap();
    let story = laboratory.reader().show(id).unwrap();
    assert_eq!(story.summary.outcome.as_deref(), Some("secured"));
    assert_eq!(
        story.events.last().unwrap().kind,
        EventKind::Outcome(outcome)
    );
    assert_eq!(
        log.outcome(IncidentId::generate(), Outcome::Relayed).await,
        Err(StoreError::NoSuchIncident)
    );
    drop(log);
    // And after it was closed.
    assert!(laboratory.reader().show(id).is_ok());
    let mode =
        std::os::unix::fs::MetadataExt::mode(&fs::metadata(&laboratory.settings.database).unwrap());
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn the_same_message_offered_again_is_the_same_incident() {
    let laboratory = Laboratory::new();
    let log = laboratory.log().unwrap();
    let first = log
        .record(laboratory.incident("a", secure()))
        .await
        .unwrap();
    log.outcome(first, Outcome::Deferred { code: 451 })
        .await
        .unwrap();
    let other = log
        .record(laboratory.incident("b", secure()))
        .await
        .unwrap();
    assert_ne!(first, other);
    // The policy was changed meanwhile: the worst of all attempts is what it is.
    let again = log
        .record(laboratory.incident("a", Action::Observe))
        .await
        .unwrap();
    assert_eq!(first, again);
    let story = laboratory.reader().show(first).unwrap();
    assert_eq!(story.summary.kind, "breach-candidate");
    assert_eq!(story.summary.outcome, None);
    assert_eq!(story.events.len(), 3);
    log.record(laboratory.incident("a", secure()))
        .await
        .unwrap();
    assert_eq!(
        laboratory.reader().show(first).unwrap().summary.kind,
        "breach-candidate"
    );

    let mut late = laboratory.incident("a", secure());
    late.at = late
        .at
        .checked_add(Duration::from_secs(6 * 86_400))
        .unwrap();
    assert_ne!(log.record(late).await.unwrap(), first);
    let intact = laboratory.reader().verify().unwrap();
    assert_eq!((intact.incidents, intact.events), (3, 6));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_at_once_are_all_recorded() {
    let laboratory = Laboratory::new();
    let log = laboratory.log().unwrap();
    let tasks: Vec<_> = (0..500)
        .map(|number| {
            let (log, incident) = (
                log.clone(),
                laboratory.incident(&number.to_string(), secure()),
            );
            tokio::spawn(async move {
                let id = log.record(incident).await.unwrap();
                log.outcome(id, Outcome::Refused).await.unwrap();
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    drop(log);
    let intact = laboratory.reader().verify().unwrap();
    assert_eq!((intact.incidents, intact.events), (500, 1000));
    assert_eq!(laboratory.journal().lines().count(), 1000);
}
