//! The tables of limits.

use std::time::Duration;

use crate::config::section::Section;
use crate::config::value::{duration, size};
use crate::limits::{ReadLimits, TimeLimits, WireLimits};

/// `[limits.wire]`.
pub(super) fn wire(mut section: Section<'_>) -> WireLimits {
    let default = WireLimits::default();
    let limits = WireLimits {
        message: octets(&mut section, "message", default.message),
        command_line: number(&mut section, "command_line", default.command_line),
        reply_line: number(&mut section, "reply_line", default.reply_line),
        reply_lines: number(&mut section, "reply_lines", default.reply_lines),
        recipients: number(&mut section, "recipients", default.recipients),
        mistakes: number(&mut section, "mistakes", default.mistakes),
        auth_line: number(&mut section, "auth_line", default.auth_line),
        auth_tries: number(&mut section, "auth_tries", default.auth_tries),
        auth_tries_per_client: number(
            &mut section,
            "auth_tries_per_client",
            default.auth_tries_per_client,
        ),
        transactions: number(&mut section, "transactions", default.transactions),
        connections: number(&mut section, "connections", default.connections),
        connections_per_client: number(
            &mut section,
            "connections_per_client",
            default.connections_per_client,
        ),
        connections_unproved: number(
            &mut section,
            "connections_unproved",
            default.connections_unproved,
        ),
        hops: number(&mut section, "hops", default.hops),
        data_rate: number(&mut section, "data_rate", default.data_rate),
    };
    section.finish();
    limits
}

/// `[limits.read]`.
pub(super) fn read(mut section: Section<'_>) -> ReadLimits {
    let default = ReadLimits::default();
    let limits = ReadLimits {
        depth: number(&mut section, "depth", default.depth),
        parts: number(&mut section, "parts", default.parts),
        fields: number(&mut section, "fields", default.fields),
        entries: number(&mut section, "entries", default.entries),
        decoded: octets(&mut section, "decoded", default.decoded),
        entry: octets(&mut section, "entry", default.entry),
        text: octets(&mut section, "text", default.text),
        time: time(&mut section, "time", default.time),
        // Whether pictures are read is found out when they could be: `[ocr]`.
        pictures: default.pictures,
    };
    section.finish();
    limits
}

/// `[limits.time]`.
pub(super) fn times(mut section: Section<'_>) -> TimeLimits {
    let default = TimeLimits::default();
    let limits = TimeLimits {
        command: time(&mut section, "command", default.command),
        data: time(&mut section, "data", default.data),
        proxy_header: time(&mut section, "proxy_header", default.proxy_header),
        handshake: time(&mut section, "handshake", default.handshake),
        reply: time(&mut section, "reply", default.reply),
        connect: time(&mut section, "connect", default.connect),
        ill: time(&mut section, "ill", default.ill),
        ill_most: time(&mut section, "ill_most", default.ill_most),
        next_hop: time(&mut section, "next_hop", default.next_hop),
        block: time(&mut section, "block", default.block),
        final_dot: time(&mut section, "final_dot", default.final_dot),
        verdict: time(&mut section, "verdict", default.verdict),
    };
    section.finish();
    limits
}

/// A size, or its default.
pub(super) fn octets(section: &mut Section<'_>, key: &'static str, default: u64) -> u64 {
    section
        .text(key, size)
        .map_or(default, |written| written.value)
}

/// A time, or its default.
pub(super) fn time(section: &mut Section<'_>, key: &'static str, default: Duration) -> Duration {
    section
        .text(key, duration)
        .map_or(default, |written| written.value)
}

/// A number of at least 1, or its default.
pub(super) fn number<T: TryFrom<u64>>(
    section: &mut Section<'_>,
    key: &'static str,
    default: T,
) -> T {
    section.number(key).map_or(default, |written| written.value)
}
