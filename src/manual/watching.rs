//! Watching: what a running Sluse tells of itself, and what each number means.
//!
//! Where `monitor.addresses` names an address, three pages are told there by HTTP. They hold numbers, fixed words, and names from the
//! configuration (addresses, routes, files): never anything of a message, and no address of a client. Whoever can connect can read them.
//! There is no TLS and no password: name a loopback address, or one that only the machines of the watchers can reach.
//!
//! `/healthz` says that the process answers. `/readyz` says whether a message should be sent here now: connections are taken, an
//! inspector is there, the queue for it is not full, something could be written to the incident log and was made durable, something could
//! be written to the spool, and we are not stopping. A next hop that is down is no reason: its mail server knows best when it is up, and
//! each message is deferred or not by its own route. Both disks are written to no more than once a second, however often it is asked.
//!
//! The watchdog of the service manager ([`operation`](super::operation)) goes by less: only by what a restart would mend.
//!
//! # The numbers
//!
//! Counters begin at 0 with the process. `other` stands for labels beyond 500 of one metric.
//!
//! | metric | labels | what it tells |
//! |---|---|---|
//! | `sluse_build_info` | `version` | the version of the program |
//! | `sluse_packs_info` | `packs` | the version of the packs in force, as the log and `sluse patterns list` tell it |
//! | `sluse_ready` | | 1 where `/readyz` says 200 |
//! | `process_start_time_seconds` | | when the process was started |
//! | `process_resident_memory_bytes` | | memory of the gate, without that of inspectors |
//! | `process_open_fds` | | descriptors of the gate |
//! | `sluse_connections` | | connections that are open; the most is `limits.wire.connections` |
//! | `sluse_connections_total` | `listener` | connections that came, those refused among them |
//! | `sluse_connections_refused_total` | `reason` | `untrusted`: no trusted network; `too_many`, `too_many_from_client`: the limits; `proxy`: no good PROXY header; `tls`: no handshake, where TLS comes first |
//! | `sluse_authentications_total` | `outcome` | clients that told a password: `accepted`, `refused`; `deferred`: too many at once, or too many wrong ones from one address |
//! | `sluse_replies_total` | `class` | replies to clients by their first digit; those we hand on from a next hop too |
//! | `sluse_messages_total` | | messages that arrived to their final dot |
//! | `sluse_message_bytes_total` | | their octets |
//! | `sluse_transactions_refused_total` | `reason` | transactions that were not begun: `overloaded`: MAIL was deferred, for too many messages wait to be read; `no_next_hop`: it was deferred, for no next hop could be spoken to; `deferred`, `refused`: the next hop said so |
//! | `sluse_transactions_abandoned_total` | | transactions that came to no message: RSET, a client that has gone |
//! | `sluse_answers_total` | `disposition`, `outcome` | what policy said (`none`: it was not asked) and what came of it: `passed_on`, `refused` (by policy or by a next hop), `deferred`, `already` (the retry journal knew that it was passed on before). Over LMTP a message may have several |
//! | `sluse_answer_seconds` | `outcome` | from the final dot to the answer |
//! | `sluse_spool_bytes` | `where` | octets of messages that are kept now; the most of both is `spool.total` |
//! | `sluse_spool_refused_total` | `reason` | messages that could not be kept: `full`, `failed` |
//! | `sluse_inspectors` | `state` | `ready`, `busy`, and `missing`: those being started |
//! | `sluse_messages_waiting` | `for` | messages that wait for an `inspector` (`inspect.waiting`) or for `ocr` (`ocr.waiting`) |
//! | `sluse_inspectors_replaced_total` | `cause` | lost in a message: `memory`, `stack`, `died`, `hung`, `not_believed`; before one: `not_taken`, `idle`; `worn`: after 10,000 messages, as they should be |
//! | `sluse_inspection_seconds` | | from the final dot until a message was read, waiting included |
//! | `sluse_inspections_refused_total` | `reason` | messages deferred unread: `overloaded`: too many wait; `busy`: none was free in time; `not_taken`, `unstarted`, `stopped`; `exchanged`: the packs were, meanwhile; `spool` |
//! | `sluse_findings_total` | `category`, `confidence` | findings. A message may hold thousands |
//! | `sluse_gaps_total` | `reason` | what could not be read |
//! | `sluse_defects_total` | `kind` | what programs would read differently |
//! | `sluse_incidents_total` | `attempt` | incidents recorded: `first`, or `again` for another attempt with the same message |
//! | `sluse_incident_failures_total` | | what the incident log was to write and could not |
//! | `sluse_next_hop_connections_total` | `route`, `outcome` | new connections: `open`, or where it went wrong: `connect`, `greeting`, `hello`, `tls`, `auth`. Each next hop is asked once a minute |
//! | `sluse_next_hop_connect_seconds` | `route` | from connecting until EHLO was answered, TLS included |
//! | `sluse_next_hop_messages_total` | `route`, `outcome` | `taken`, `deferred`, `refused`; `lost`: it does not have the message; `unknown`: it may, and a duplicate may come of it |
//! | `sluse_next_hop_message_seconds` | `route` | from DATA until the final dot was answered |
//! | `sluse_reloads_total` | `outcome` | configurations read again: `exchanged`; `kept`: the old one, for the new one is not good |
//! | `sluse_configuration_generation` | | configurations that were in force since the start |
//! | `sluse_configuration_last_success_timestamp_seconds` | | when the one in force was read |
//! | `sluse_configuration_last_reload_successful` | | 0 where the file says something else than what is in force |
//! | `sluse_certificate_not_after_timestamp_seconds` | `file` | when a certificate of ours runs out, of listeners and of routes |
//!
//! `config/prometheus/sluse.rules.yml` has the rules most sites want: not ready, a configuration that was not taken, a certificate that
//! runs out, an incident log that fails, a next hop that is down, too many messages, mail that is deferred. What is deferred at MAIL is no
//! answer to a message yet: `sluse_transactions_refused_total` tells of it, and a line `deferred at MAIL` of
//! each in the log, ten a minute of those that are our own or for want of a next hop; the others of the minute are told as one, with their number.
//!
//! `sluse top` shows them to a person: what happened between two looks beside what happened since the start, and, of what should be 0,
//! only what is not.
//!
//! # Made here
//!
//! Counting is a lock and an addition; no library for it takes less than the pages it would replace here, and the usual one for
//! exporting brings a second library for TLS. The server reads 8 KiB of one request of a connection, 16 connections at once and 10 s
//! each, so it needs none either. What is to be shown to people, with passwords and forms, will be another server with a library
//! below it.
