//! The fault matrix: every misfortune of a client and of a next hop, at every step, and what it comes to.
//!
//! Each cell is one message to two recipients. Its misfortune strikes the first attempt; then it is cured, and the client does what a mail
//! server does. The table is printed and pinned in `matrix.txt` (`BLESS=1` writes it anew).

mod cell;
mod client;
mod hop;
mod lab;

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::thread;

use cell::{Duplicate, cells};
use client::Fate;
use lab::{Journal, Ran, run};

const HEAD: &str = "\
Each row is one misfortune, which strikes the first attempt to send one message to two recipients; then the client tries again as a
mail server does. `Delivered` counts the copies of each recipient in the end, without a retry journal and with one; `returned` means
that the client was told 5xx, and that there is no copy. Where nothing had been sent yet a journal has nothing to know, and no figure.
In brackets: what a client was told that no longer listened.

2 and 2: the reply of the next hop was lost, so nobody here can know that it has the message (RFC 1047).
2 and 1: ours was lost, which the journal knows.

";

#[test]
fn nothing_is_lost_and_duplicates_are_where_they_must_be() {
    let cells = cells();
    let (without, with) = thread::scope(|scope| {
        // Before MAIL there is no message yet, and nothing for a journal to know.
        let sent: Vec<_> = cells
            .iter()
            .filter(|it| !it.is_before_mail())
            .copied()
            .collect();
        let with = scope.spawn(move || run(&sent, Journal::Kept));
        (run(&cells, Journal::None), with.join().unwrap())
    });
    assert_eq!(without.len(), cells.len());
    let mut table = HEAD.to_owned();
    let columns = (
        "side",
        "at",
        "misfortune",
        "by",
        "the client saw",
        "the next hop saw",
    );
    row(&mut table, columns, "delivered", "with journal");
    let mut wrong = Vec::new();
    for one in &without {
        let other = with.iter().find(|it| it.cell == one.cell);
        wrong.extend(faults(one, Journal::None));
        if let Some(other) = other {
            wrong.extend(faults(other, Journal::Kept));
            if (&other.client, other.hop) != (&one.client, one.hop) {
                wrong.push(format!(
                    "with a journal it was seen otherwise: {other:?}, {one:?}"
                ));
            }
        }
        let cell = one.cell;
        let columns = (
            cell.side,
            cell.phase,
            cell.misfortune,
            cell.protocol,
            &*one.client,
            one.hop,
        );
        let with = other.map_or_else(String::new, delivered);
        row(&mut table, columns, &delivered(one), &with);
    }
    println!("{table}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let pinned = Path::new("tests/journey/matrix.txt");
    if std::env::var_os("BLESS").is_some() {
        fs::write(pinned, &table).unwrap();
    }
    let known = fs::read_to_string(pinned).unwrap_or_default();
    let differs = table
        .lines()
        .filter(|line| !known.lines().any(|it| it == *line));
    let differs: Vec<&str> = differs.collect();
    assert!(table == known, "not as pinned:\n{}", differs.join("\n"));
}

/// What must not be.
fn faults(ran: &Ran, journal: Journal) -> Vec<String> {
    let most = match (ran.cell.may_duplicate(), journal) {
        (None, _) | (Some(Duplicate::Unheard), Journal::Kept) => 1,
        (Some(Duplicate::Unknown), _) | (Some(Duplicate::Unheard), Journal::None) => 2,
    };
    let mut faults = Vec::new();
    for (fate, copies) in ran.fates.into_iter().zip(ran.copies) {
        let fault = match (fate, copies) {
            (Fate::Pending, _) => "never came to an end",
            (Fate::Delivered, 0) => "LOST",
            (Fate::Returned, 1..) => "returned, and delivered all the same",
            (_, copies) if copies > most => "delivered too often",
            (Fate::Delivered | Fate::Returned, _) => continue,
        };
        faults.push(format!("{fault}, {journal:?}: {ran:?}"));
    }
    faults
}

fn delivered(ran: &Ran) -> String {
    let each = ran.fates.into_iter().zip(ran.copies);
    let mut each: Vec<String> = each
        .map(|(fate, copies)| match fate {
            Fate::Returned => "returned".to_owned(),
            Fate::Delivered | Fate::Pending => copies.to_string(),
        })
        .collect();
    each.dedup();
    each.join(" and ")
}

fn row<S, P, M, B>(
    table: &mut String,
    (side, phase, misfortune, protocol, client, hop): (S, P, M, B, &str, &str),
    without: &str,
    with: &str,
) where
    S: std::fmt::Display,
    P: std::fmt::Display,
    M: std::fmt::Display,
    B: std::fmt::Display,
{
    let line = format!(
        "{side:<9} {phase:<14} {misfortune:<12} {protocol:<5} {client:<28} {hop:<20} {without:<15} {with}"
    );
    writeln!(table, "{}", line.trim_end()).unwrap();
}
