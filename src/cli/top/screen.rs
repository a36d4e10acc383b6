//! Two looks, as a person reads them.

use std::fmt::Write;
use std::net::SocketAddr;

use crate::cli::top::numbers::Numbers;

/// What was so at the second look, and what happened between the two.
pub(super) fn screen(address: SocketAddr, before: &Numbers, now: &Numbers) -> String {
    let between = Between {
        before,
        now,
        // It was started again meanwhile: everything happened since.
        restarted: now.sum(STARTED, &[]) > before.sum(STARTED, &[]),
    };
    let mut told = String::new();
    // A string takes all that is written to it.
    let _ = between.tell(&mut told, address);
    told
}

const STARTED: &str = "process_start_time_seconds";

struct Between<'a> {
    before: &'a Numbers,
    now: &'a Numbers,
    restarted: bool,
}

impl Between<'_> {
    fn tell(&self, told: &mut String, address: SocketAddr) -> std::fmt::Result {
        self.head(told, address)?;
        self.mail(told)?;
        self.inside(told)?;
        self.routes(told)?;
        self.trouble(told)
    }

    fn head(&self, told: &mut String, address: SocketAddr) -> std::fmt::Result {
        let now = self.now;
        let first = |name, label| now.by(name, label, &[]).into_keys().next().unwrap_or("?");
        let version = first("sluse_build_info", "version");
        let packs = first("sluse_packs_info", "packs");
        let memory = octets(now.sum("process_resident_memory_bytes", &[]));
        let state = if now.reasons.is_empty() {
            "ready"
        } else {
            "NOT READY"
        };
        writeln!(
            told,
            "sluse {version} at {address}   {state}   packs {packs}   gate {memory}"
        )?;
        for reason in &now.reasons {
            writeln!(told, "  {reason}")?;
        }
        writeln!(told)
    }

    fn mail(&self, told: &mut String) -> std::fmt::Result {
        writeln!(told, "{:28}{:>12}{:>14}", "", "a second", "since start")?;
        let open = self.now.sum("sluse_connections", &[]);
        self.line(
            told,
            "connections",
            "sluse_connections_total",
            &[],
            &format!("{open} open"),
        )?;
        self.line(
            told,
            "  refused",
            "sluse_connections_refused_total",
            &[],
            "",
        )?;
        let volume = octets(self.rate("sluse_message_bytes_total", &[]));
        self.line(
            told,
            "messages",
            "sluse_messages_total",
            &[],
            &format!("{volume} a second"),
        )?;
        for (word, label) in [("relay", "  relayed"), ("secure", "  by the secure way")] {
            let labels = [("disposition", word), ("outcome", "passed_on")];
            self.line(told, label, "sluse_answers_total", &labels, "")?;
        }
        for (outcome, label) in [
            ("refused", "  refused"),
            ("deferred", "  deferred"),
            ("already", "  passed on before"),
        ] {
            let labels = [("outcome", outcome)];
            self.line(told, label, "sluse_answers_total", &labels, "")?;
        }
        self.line(
            told,
            "not begun at MAIL",
            "sluse_transactions_refused_total",
            &[],
            "",
        )?;
        self.line(told, "incidents", "sluse_incidents_total", &[], "")?;
        self.line(
            told,
            "  not recorded",
            "sluse_incident_failures_total",
            &[],
            "",
        )?;
        let answer = self.within("sluse_answer_seconds_bucket", &[]);
        let reading = self.within("sluse_inspection_seconds_bucket", &[]);
        writeln!(
            told,
            "\nfrom the final dot until read {reading}, until answered {answer}"
        )
    }

    fn inside(&self, told: &mut String) -> std::fmt::Result {
        let state = |state| self.now.sum("sluse_inspectors", &[("state", state)]);
        let waiting = |what| self.now.sum("sluse_messages_waiting", &[("for", what)]);
        let (ready, busy, missing) = (state("ready"), state("busy"), state("missing"));
        let (to_read, for_ocr) = (waiting("inspector"), waiting("ocr"));
        let spool = |place| octets(self.now.sum("sluse_spool_bytes", &[("where", place)]));
        let (memory, disk) = (spool("memory"), spool("disk"));
        writeln!(
            told,
            "inspectors: {ready} ready, {busy} busy, {missing} missing   waiting: {to_read} to be read, {for_ocr} for OCR   \
            spool: {memory} in memory, {disk} on disk\n"
        )
    }

    fn routes(&self, told: &mut String) -> std::fmt::Result {
        const OUTCOMES: [&str; 5] = ["taken", "deferred", "refused", "lost", "unknown"];
        const MESSAGES: &str = "sluse_next_hop_messages_total";
        write!(told, "{:20}{:>12}", "route, since start", "taken/s")?;
        for outcome in OUTCOMES {
            write!(told, "{outcome:>10}")?;
        }
        writeln!(told, "   dot answered")?;
        for route in self.now.by(MESSAGES, "route", &[]).into_keys() {
            let taken = self.rate(MESSAGES, &[("route", route), ("outcome", "taken")]);
            write!(told, "  {route:18}{taken:>12.1}")?;
            for outcome in OUTCOMES {
                let count = self
                    .now
                    .sum(MESSAGES, &[("route", route), ("outcome", outcome)]);
                write!(told, "{count:>10}")?;
            }
            let answered =
                self.within("sluse_next_hop_message_seconds_bucket", &[("route", route)]);
            writeln!(told, "   {answered}")?;
        }
        Ok(())
    }

    /// What an administrator should know of, where there is any: since the start, and how much of it is new.
    fn trouble(&self, told: &mut String) -> std::fmt::Result {
        let mut lines = String::new();
        for (name, label, meaning) in [
            (
                "sluse_inspectors_replaced_total",
                "cause",
                "inspectors lost",
            ),
            (
                "sluse_inspections_refused_total",
                "reason",
                "deferred unread",
            ),
            (
                "sluse_transactions_refused_total",
                "reason",
                "not begun at MAIL",
            ),
            (
                "sluse_spool_refused_total",
                "reason",
                "not kept, for the spool",
            ),
            (
                "sluse_connections_refused_total",
                "reason",
                "connections refused",
            ),
            ("sluse_gaps_total", "reason", "parts nobody could read"),
        ] {
            for (value, count) in self.now.by(name, label, &[]) {
                let new = self.grown(name, &[(label, value)]);
                // Inspectors are replaced when they are worn, as they should be.
                if count > 0.0 && value != "worn" {
                    let new = if new > 0.0 {
                        format!(", {new} of them now")
                    } else {
                        String::new()
                    };
                    writeln!(lines, "  {meaning}: {value} {count}{new}")?;
                }
            }
        }
        match lines.is_empty() {
            true => Ok(()),
            false => write!(told, "\ntrouble since the start\n{lines}"),
        }
    }

    fn line(
        &self,
        told: &mut String,
        label: &str,
        name: &str,
        labels: &[(&str, &str)],
        beside: &str,
    ) -> std::fmt::Result {
        let (rate, all) = (self.rate(name, labels), self.now.sum(name, labels));
        let line = format!("{label:28}{rate:>12.1}{all:>14}   {beside}");
        writeln!(told, "{}", line.trim_end())
    }

    fn rate(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        self.grown(name, labels) / self.now.seconds_since(self.before).max(0.001)
    }

    fn grown(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        let before = if self.restarted {
            0.0
        } else {
            self.before.sum(name, labels)
        };
        (self.now.sum(name, labels) - before).max(0.0)
    }

    /// In how long half of them, and nearly all, were done between the two looks: as narrow as the metric tells it.
    fn within(&self, buckets: &str, labels: &[(&str, &str)]) -> String {
        let limits = self.now.by(buckets, "le", labels);
        let mut limits: Vec<(f64, f64)> = limits
            .into_keys()
            .filter_map(|limit| {
                let labels = [labels, &[("le", limit)]].concat();
                Some((limit.parse().ok()?, self.grown(buckets, &labels)))
            })
            .collect();
        limits.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        let all = limits.last().map_or(0.0, |(_, count)| *count);
        if all == 0.0 {
            return "-".to_owned();
        }
        let of = |share: f64| {
            let reached = limits.iter().find(|(_, count)| *count >= share * all);
            reached.map_or_else(String::new, |(limit, _)| seconds(*limit))
        };
        format!("half {}, 99 of 100 {}", of(0.5), of(0.99))
    }
}

/// The limit of a bucket.
fn seconds(limit: f64) -> String {
    match limit {
        limit if limit.is_infinite() => "longer".to_owned(),
        limit if limit < 1.0 => format!("<= {} ms", (limit * 1000.0).round()),
        limit => format!("<= {limit} s"),
    }
}

fn octets(octets: f64) -> String {
    match octets {
        it if it >= 1e9 => format!("{:.1} GB", it / 1e9),
        it if it >= 1e6 => format!("{:.1} MB", it / 1e6),
        it if it >= 1e3 => format!("{:.1} kB", it / 1e3),
        it => format!("{it:.0} octets"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(before: &str, now: &str, reasons: Vec<String>) -> String {
        let before = Numbers::told(before, vec![]);
        std::thread::sleep(std::time::Duration::from_millis(2));
        let now = Numbers::told(now, reasons);
        screen(([127, 0, 0, 1], 9125).into(), &before, &now)
    }

    #[test]
    fn what_happened_between_two_looks_is_told_beside_all() {
        let before = "sluse_inspectors_replaced_total{cause=\"hung\"} 1\n\
            b_bucket{le=\"1\"} 5\nsluse_answer_seconds_bucket{outcome=\"refused\",le=\"0.01\"} 100\n\
            sluse_answer_seconds_bucket{outcome=\"refused\",le=\"0.1\"} 100\nsluse_answer_seconds_bucket{outcome=\"refused\",le=\"+Inf\"} 100\n";
        let now = "sluse_messages_total 1203\nsluse_inspectors_replaced_total{cause=\"hung\"} 3\n\
            sluse_inspectors_replaced_total{cause=\"worn\"} 7\n\
            sluse_answer_seconds_bucket{outcome=\"refused\",le=\"0.01\"} 110\n\
            sluse_answer_seconds_bucket{outcome=\"refused\",le=\"0.1\"} 119\nsluse_answer_seconds_bucket{outcome=\"refused\",le=\"+Inf\"} 120\n";
        let told = told(before, now, vec![]);
        assert!(
            told.contains("ready") && !told.contains("NOT READY"),
            "{told}"
        );
        assert!(
            told.contains("hung 3, 2 of them now") && !told.contains("worn"),
            "{told}"
        );
        assert!(
            told.contains("until answered half <= 10 ms, 99 of 100 longer"),
            "{told}"
        );
        assert!(
            told.lines()
                .any(|it| it.starts_with("messages") && it.contains(" 1203 ")),
            "{told}"
        );
    }

    #[test]
    fn a_start_in_between_makes_no_rate_negative() {
        let before =
            "process_start_time_seconds 5\nsluse_inspectors_replaced_total{cause=\"died\"} 9\n";
        let now =
            "process_start_time_seconds 8\nsluse_inspectors_replaced_total{cause=\"died\"} 2\n";
        let told = told(before, now, vec!["the spool is full".to_owned()]);
        assert!(told.contains("died 2, 2 of them now"), "{told}");
        assert!(
            told.contains("NOT READY") && told.contains("  the spool is full\n"),
            "{told}"
        );
    }
}
