//! What the log does when the disk, the file or a person is against it.

use super::*;

#[tokio::test]
async fn a_log_that_is_full_says_so_and_recovers_nothing_it_did_not_write() {
    let mut laboratory = Laboratory::new();
    laboratory.settings.largest = 120_000;
    laboratory.settings.journal = None;
    let log = laboratory.log().unwrap();
    let mut recorded = 0;
    let error = loop {
        match log
            .record(laboratory.incident(&recorded.to_string(), secure()))
            .await
        {
            Ok(_) => recorded += 1,
            Err(error) => break error,
        }
        assert!(recorded < 1000);
    };
    assert_eq!(
        error,
        StoreError::Full(laboratory.settings.database.clone())
    );
    drop(log);
    assert_eq!(laboratory.reader().verify().unwrap().incidents, recorded);
    laboratory.settings.largest = 10 << 20;
    let log = laboratory.log().unwrap();
    log.record(laboratory.incident("more", secure()))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_log_that_is_locked_says_so_in_time_and_goes_on_when_it_is_free() {
    let laboratory = Laboratory::new();
    let log = laboratory.log().unwrap();
    let other = Connection::open(&laboratory.settings.database).unwrap();
    other.execute_batch("begin immediate").unwrap();
    let began = Instant::now();
    let error = log
        .record(laboratory.incident("a", secure()))
        .await
        .unwrap_err();
    assert_eq!(
        error,
        StoreError::Locked(laboratory.settings.database.clone())
    );
    assert!(began.elapsed() < Duration::from_secs(8));

    let hasty = Settings {
        patience: Duration::from_millis(50),
        ..laboratory.settings.clone()
    };
    let impatient = Log::open(&hasty, &key()).unwrap();
    let error = impatient
        .record(laboratory.incident("b", secure()))
        .await
        .unwrap_err();
    assert_eq!(error, StoreError::TimedOut);
    other.execute_batch("rollback").unwrap();
    log.record(laboratory.incident("c", secure()))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_log_that_is_not_ours_or_damaged_is_never_written() {
    let laboratory = Laboratory::new();
    let path = laboratory.settings.database.clone();
    drop(laboratory.log().unwrap());

    laboratory.tamper("pragma user_version = 2");
    assert!(matches!(
        laboratory.log(),
        Err(StoreError::Version {
            found: 2,
            known: 1,
            ..
        })
    ));
    laboratory.tamper("pragma user_version = 1");
    let stranger = FingerprintKey::new([8; 32]);
    assert_eq!(
        Log::open(&laboratory.settings, &stranger).unwrap_err(),
        StoreError::OtherKey(path.clone())
    );
    laboratory.tamper("pragma application_id = 42");
    assert_eq!(
        laboratory.log().unwrap_err(),
        StoreError::Foreign(path.clone())
    );
    assert_eq!(
        Reader::open(&path).unwrap_err(),
        StoreError::Foreign(path.clone())
    );

    fs::write(&path, vec![b'x'; 8192]).unwrap();
    assert_eq!(
        laboratory.log().unwrap_err(),
        StoreError::Damaged(path.clone())
    );
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert!(matches!(laboratory.log(), Err(StoreError::Unopened { .. })));
    let nowhere = Settings {
        database: laboratory.folder.path().join("no/such/folder.db"),
        ..laboratory.settings.clone()
    };
    assert!(matches!(
        Log::open(&nowhere, &key()),
        Err(StoreError::Unopened { .. })
    ));
}

#[tokio::test]
async fn a_log_that_is_taken_away_is_not_written_into_the_void() {
    let laboratory = Laboratory::new();
    let path = laboratory.settings.database.clone();
    let log = laboratory.log().unwrap();
    log.record(laboratory.incident("a", secure()))
        .await
        .unwrap();
    fs::rename(&path, laboratory.folder.path().join("aside.db")).unwrap();
    let error = log
        .record(laboratory.incident("b", secure()))
        .await
        .unwrap_err();
    assert_eq!(error, StoreError::Vanished(path.clone()));
    fs::rename(laboratory.folder.path().join("aside.db"), &path).unwrap();
    log.record(laboratory.incident("c", secure()))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_log_whose_newest_part_is_taken_away_is_not_written_into_the_void() {
    for ending in ["db-wal", "db-shm"] {
        let laboratory = Laboratory::new();
        let path = laboratory.settings.database.clone();
        let beside = path.with_extension(ending);
        let aside = laboratory.folder.path().join("aside");
        let log = laboratory.log().unwrap();
        log.record(laboratory.incident("a", secure()))
            .await
            .unwrap();
        // A reader that comes and goes takes nothing away.
        laboratory.reader().verify().unwrap();
        fs::rename(&beside, &aside).unwrap();
        let error = log
            .record(laboratory.incident("b", secure()))
            .await
            .unwrap_err();
        assert_eq!(error, StoreError::Vanished(path.clone()), "{ending}");
        fs::rename(&aside, &beside).unwrap();
        log.record(laboratory.incident("c", secure()))
            .await
            .unwrap();
        drop(log);
        assert_eq!(laboratory.reader().verify().unwrap().incidents, 2);
    }
}

#[tokio::test]
async fn the_journal_is_complete_whatever_happens_to_its_file() {
    let laboratory = Laboratory::new();
    let path = laboratory.settings.journal.clone().unwrap();
    let aside = path.with_extension("1");
    let log = laboratory.log().unwrap();
    let record = async |subject| {
        log.record(laboratory.incident(subject, secure()))
            .await
            .unwrap()
    };
    record("a").await;
    settle(&path, 1).await;
    // Rotated.
    fs::rename(&path, &aside).unwrap();
    record("b").await;
    settle(&path, 1).await;
    // In the way.
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    record("c").await;
    record("d").await;
    fs::remove_dir(&path).unwrap();
    record("e").await;
    settle(&path, 3).await;
    drop(log);
    // Restarted: nothing stands twice but what the last stop had not noted.
    drop(laboratory.log().unwrap());
    let journal = laboratory.journal();
    let mut numbers: Vec<i64> = journal
        .lines()
        .map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            assert_eq!(line["event"], "opened");
            assert_eq!(line["hash"].as_str().unwrap().len(), 64);
            assert_eq!(line["detail"]["findings"][0]["evidence"], "0101XX-XXXX");
            line["seq"].as_i64().unwrap()
        })
        .collect();
    numbers.dedup();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers, [3, 4, 5]);
    let head = laboratory.reader().verify().unwrap().head;
    assert!(journal.contains(&head));
}

/// Waits until the journal has so many lines: it is written after the answer was given.
async fn settle(path: &Path, lines: usize) {
    for _ in 0..200 {
        if fs::read_to_string(path).is_ok_and(|text| text.lines().count() >= lines) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the journal was not written");
}

#[tokio::test]
async fn every_change_behind_the_log_s_back_is_found() {
    for (sql, found) in [
        (
            "update event set detail = replace(detail, 'borger', 'anden') where seq = 1",
            "detail of event 1",
        ),
        (
            "update event set at = '2020-01-01T00:00:00.000000Z' where seq = 2",
            "event 2 does not fit",
        ),
        (
            "update event set kind = 'opened' where seq = 2",
            "event 2 does not fit",
        ),
        ("delete from event where seq = 1", "event 1 is missing"),
        ("update incident set kind = 'near-miss'", "listed otherwise"),
        (
            "update incident set sender = 'en@anden.example'",
            "listed otherwise",
        ),
        (
            "update incident set opened = '2020-01-01T00:00:00.000000Z'",
            "listed otherwise",
        ),
        (
            "update incident set outcome = 'refused'",
            "listed otherwise",
        ),
        (
            "pragma foreign_keys = off; delete from incident",
            "is not listed",
        ),
        (
            "insert into event (seq, incident, at, kind, detail, digest, hash)
             select 3, incident, at, kind, detail, digest, hash from event where seq = 2",
            "event 3 does not fit",
        ),
    ] {
        let laboratory = Laboratory::new();
        let log = laboratory.log().unwrap();
        let id = log
            .record(laboratory.incident("a", Action::Observe))
            .await
            .unwrap();
        log.outcome(id, Outcome::Relayed).await.unwrap();
        drop(log);
        assert!(laboratory.reader().verify().is_ok());
        laboratory.tamper(sql);
        let broken = laboratory.reader().verify().unwrap_err().to_string();
        assert!(broken.contains(found), "{sql}: {broken}");
    }
}

#[tokio::test]
async fn a_detail_that_was_erased_leaves_the_chain_whole() {
    let laboratory = Laboratory::new();
    let log = laboratory.log().unwrap();
    let id = log
        .record(laboratory.incident("a", secure()))
        .await
        .unwrap();
    drop(log);
    laboratory.tamper("update event set detail = null");
    assert!(laboratory.reader().verify().is_ok());
    let story = laboratory.reader().show(id).unwrap();
    assert!(tell(&story, Language::English).contains("erased when its time was up"));
}
