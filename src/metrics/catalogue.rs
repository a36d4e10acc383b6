//! Every metric there is.

use crate::metrics::{Counter, Gauge, Histogram, Metric};

/// In the order in which they are told.
pub static ALL: &[&dyn Metric] = &[
    &BUILD,
    &PACKS,
    &READY,
    &STARTED,
    &MEMORY,
    &DESCRIPTORS,
    &CONNECTIONS,
    &ACCEPTED,
    &TURNED_AWAY,
    &AUTHENTICATIONS,
    &REPLIES,
    &MESSAGES,
    &MESSAGE_OCTETS,
    &NOT_BEGUN,
    &ABANDONED,
    &ANSWERS,
    &ANSWER_TIME,
    &SPOOL,
    &SPOOL_REFUSED,
    &INSPECTORS,
    &WAITING,
    &REPLACED,
    &INSPECTION_TIME,
    &UNREAD,
    &FINDINGS,
    &GAPS,
    &DEFECTS,
    &INCIDENTS,
    &UNRECORDED,
    &HOP_CONNECTIONS,
    &HOP_CONNECT_TIME,
    &HOP_MESSAGES,
    &HOP_MESSAGE_TIME,
    &RELOADS,
    &GENERATION,
    &LAST_GOOD,
    &LAST_RELOAD,
    &CERTIFICATES,
];

/// Which program it is.
pub static BUILD: Gauge<1> = Gauge::new(
    "sluse_build_info",
    "The version of the program, always 1.",
    ["version"],
    &[],
);

/// Which packs are searched by.
pub static PACKS: Gauge<1> = Gauge::new(
    "sluse_packs_info",
    "The version of the packs in force, always 1.",
    ["packs"],
    &[],
);

/// Whether messages can be taken.
pub static READY: Gauge<0> = Gauge::new(
    "sluse_ready",
    "1 where messages can be taken, 0 where /readyz tells why not.",
    [],
    &[[]],
);

/// When the process was started.
pub static STARTED: Gauge<0> = Gauge::new(
    "process_start_time_seconds",
    "When the process was started, in seconds since 1970.",
    [],
    &[[]],
);

/// Its memory, without that of inspectors.
pub static MEMORY: Gauge<0> = Gauge::new(
    "process_resident_memory_bytes",
    "The memory of the gate, without that of inspectors.",
    [],
    &[[]],
);

/// Its descriptors.
pub static DESCRIPTORS: Gauge<0> = Gauge::new(
    "process_open_fds",
    "The file descriptors the gate has open.",
    [],
    &[[]],
);

/// Connections there are.
pub static CONNECTIONS: Gauge<0> = Gauge::new(
    "sluse_connections",
    "Connections of clients that are open.",
    [],
    &[[]],
);

/// Connections there were.
pub static ACCEPTED: Counter<1> = Counter::new(
    "sluse_connections_total",
    "Connections that came, those that were turned away among them.",
    ["listener"],
    &[],
);

/// Connections that were turned away before a word was said.
pub static TURNED_AWAY: Counter<1> = Counter::new(
    "sluse_connections_refused_total",
    "Connections that were turned away before they were greeted.",
    ["reason"],
    &[
        ["untrusted"],
        ["too_many"],
        ["too_many_from_client"],
        ["proxy"],
        ["tls"],
    ],
);

/// Passwords that clients told.
pub static AUTHENTICATIONS: Counter<1> = Counter::new(
    "sluse_authentications_total",
    "Clients that told a user and a password, by what they were answered.",
    ["outcome"],
    &[["accepted"], ["refused"], ["deferred"]],
);

/// What clients were told.
pub static REPLIES: Counter<1> = Counter::new(
    "sluse_replies_total",
    "Replies to clients, by the first digit of their codes.",
    ["class"],
    &[["2xx"], ["3xx"], ["4xx"], ["5xx"]],
);

/// Messages that arrived whole.
pub static MESSAGES: Counter<0> = Counter::new(
    "sluse_messages_total",
    "Messages that arrived to their final dot.",
    [],
    &[[]],
);

/// Their octets.
pub static MESSAGE_OCTETS: Counter<0> = Counter::new(
    "sluse_message_bytes_total",
    "The octets of those messages.",
    [],
    &[[]],
);

/// Transactions that were not begun.
pub static NOT_BEGUN: Counter<1> = Counter::new(
    "sluse_transactions_refused_total",
    "Transactions that were not begun, for MAIL was deferred or refused.",
    ["reason"],
    &[["overloaded"], ["no_next_hop"], ["deferred"], ["refused"]],
);

/// Transactions without a message.
pub static ABANDONED: Counter<0> = Counter::new(
    "sluse_transactions_abandoned_total",
    "Transactions that were begun and came to no message.",
    [],
    &[[]],
);

/// What became of messages.
pub static ANSWERS: Counter<2> = Counter::new(
    "sluse_answers_total",
    "Answers to messages: one over SMTP, as many as there are different ones over LMTP.",
    ["disposition", "outcome"],
    &[
        ["none", "deferred"],
        ["none", "already"],
        ["relay", "passed_on"],
        ["relay", "refused"],
        ["relay", "deferred"],
        ["secure", "passed_on"],
        ["secure", "refused"],
        ["secure", "deferred"],
        ["refuse", "refused"],
    ],
);

/// From the final dot to the answer.
pub static ANSWER_TIME: Histogram<1> = Histogram::new(
    "sluse_answer_seconds",
    "From the final dot of the client to the answer it got.",
    ["outcome"],
    &[["passed_on"], ["refused"], ["deferred"], ["already"]],
);

/// What messages take of memory and disk.
pub static SPOOL: Gauge<1> = Gauge::new(
    "sluse_spool_bytes",
    "Octets of messages that are kept while they are read.",
    ["where"],
    &[["memory"], ["disk"]],
);

/// Messages there was no room for.
pub static SPOOL_REFUSED: Counter<1> = Counter::new(
    "sluse_spool_refused_total",
    "Messages that could not be kept, and were deferred.",
    ["reason"],
    &[["full"], ["failed"]],
);

/// Inspectors there are.
pub static INSPECTORS: Gauge<1> = Gauge::new(
    "sluse_inspectors",
    "Inspectors, by what they do; `missing` are being started.",
    ["state"],
    &[["ready"], ["busy"], ["missing"]],
);

/// Messages that wait.
pub static WAITING: Gauge<1> = Gauge::new(
    "sluse_messages_waiting",
    "Messages that wait for an inspector, or for their turn with OCR.",
    ["for"],
    &[["inspector"], ["ocr"]],
);

/// Inspectors that were replaced.
pub static REPLACED: Counter<1> = Counter::new(
    "sluse_inspectors_replaced_total",
    "Inspectors that were ended or lost, and replaced.",
    ["cause"],
    &[
        ["memory"],
        ["stack"],
        ["died"],
        ["hung"],
        ["not_believed"],
        ["not_taken"],
        ["idle"],
        ["worn"],
    ],
);

/// How long reading takes.
pub static INSPECTION_TIME: Histogram<0> = Histogram::new(
    "sluse_inspection_seconds",
    "From when a message was handed to be read until it was read, waiting included.",
    [],
    &[[]],
);

/// Messages that were not read.
pub static UNREAD: Counter<1> = Counter::new(
    "sluse_inspections_refused_total",
    "Messages that were deferred because nobody could read them.",
    ["reason"],
    &[
        ["overloaded"],
        ["busy"],
        ["not_taken"],
        ["unstarted"],
        ["stopped"],
        ["exchanged"],
        ["spool"],
    ],
);

/// What was found.
pub static FINDINGS: Counter<2> = Counter::new(
    "sluse_findings_total",
    "Findings in messages.",
    ["category", "confidence"],
    &[
        ["national-id", "low"],
        ["national-id", "medium"],
        ["national-id", "high"],
    ],
);

/// What could not be read.
pub static GAPS: Counter<1> = Counter::new(
    "sluse_gaps_total",
    "What could not be read in messages.",
    ["reason"],
    &[
        ["encrypted"],
        ["damaged"],
        ["limit"],
        ["unknown"],
        ["timeout"],
        ["unsupported"],
        ["media"],
    ],
);

/// What programs read differently.
pub static DEFECTS: Counter<1> = Counter::new(
    "sluse_defects_total",
    "What programs would read differently in messages.",
    ["kind"],
    &[],
);

/// Incidents.
pub static INCIDENTS: Counter<1> = Counter::new(
    "sluse_incidents_total",
    "Incidents that were recorded: the first time, or another attempt with the same message.",
    ["attempt"],
    &[["first"], ["again"]],
);

/// Incidents that could not be recorded.
pub static UNRECORDED: Counter<0> = Counter::new(
    "sluse_incident_failures_total",
    "What the incident log was asked to write and did not.",
    [],
    &[[]],
);

/// Connections to next hops.
pub static HOP_CONNECTIONS: Counter<2> = Counter::new(
    "sluse_next_hop_connections_total",
    "Connections to next hops: `open`, or where it went wrong.",
    ["route", "outcome"],
    &[],
);

/// How long they take.
pub static HOP_CONNECT_TIME: Histogram<1> = Histogram::new(
    "sluse_next_hop_connect_seconds",
    "From connecting to a next hop until EHLO was answered, TLS included.",
    ["route"],
    &[],
);

/// Messages to next hops.
pub static HOP_MESSAGES: Counter<2> = Counter::new(
    "sluse_next_hop_messages_total",
    "Messages offered to next hops: taken, deferred, refused, lost before or unknown after the final dot.",
    ["route", "outcome"],
    &[],
);

/// How long they take.
pub static HOP_MESSAGE_TIME: Histogram<1> = Histogram::new(
    "sluse_next_hop_message_seconds",
    "From DATA until a next hop answered the final dot.",
    ["route"],
    &[],
);

/// Configurations that were read again.
pub static RELOADS: Counter<1> = Counter::new(
    "sluse_reloads_total",
    "Configurations that were read again: exchanged, or the old one kept.",
    ["outcome"],
    &[["exchanged"], ["kept"]],
);

/// Which configuration is in force.
pub static GENERATION: Gauge<0> = Gauge::new(
    "sluse_configuration_generation",
    "How many configurations were in force since the start, this one included.",
    [],
    &[[]],
);

/// Since when.
pub static LAST_GOOD: Gauge<0> = Gauge::new(
    "sluse_configuration_last_success_timestamp_seconds",
    "When the configuration in force was read, in seconds since 1970.",
    [],
    &[[]],
);

/// Whether the last one read is the one in force.
pub static LAST_RELOAD: Gauge<0> = Gauge::new(
    "sluse_configuration_last_reload_successful",
    "1 where the configuration that was read last is in force, 0 where it was not good.",
    [],
    &[[]],
);

/// Until when certificates are good.
pub static CERTIFICATES: Gauge<1> = Gauge::new(
    "sluse_certificate_not_after_timestamp_seconds",
    "When a certificate of ours runs out, in seconds since 1970.",
    ["file"],
    &[],
);
