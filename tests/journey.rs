//! Cases of `journey`: the whole program between a client and two next hops, and one misfortune in each file.
//!
//! Each looks at both ends and at the log: what the client was told, what each next hop has, and whether the log says what
//! happened. The program is a process of its own, so that its log is all it says, whichever thread says it.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a failed test is a panic"
)]

use std::time::Duration;

use sluse::spool::{self, Draft, Spooled};

mod client;
mod guard;
pub(crate) mod hop;

mod next_hop_dies_after_the_dot;
mod next_hop_dies_at_the_dot;
mod next_hop_dies_before_the_dot;
mod next_hop_down;
mod next_hop_refuses_a_recipient;
mod next_hop_refuses_the_message;
mod next_hop_slow;
mod several_next_hops;

mod secure_route_down;
mod secure_route_refuses_a_recipient;
mod secure_route_slow;
mod secure_route_without_good_certificate;

mod inspector_hangs;
mod inspector_killed;
mod inspector_lies;
mod inspector_lost_at_start;
mod inspector_out_of_memory;
mod inspector_out_of_time;
mod inspector_unstartable;
mod inspectors_lost_under_load;

mod descriptors_used_up;
mod first_client;
mod incident_before_reply;
mod incident_log_cannot_be_written;
mod killed_after_the_dot;
mod log_cannot_be_written;
mod retry_journal;
mod service_manager;
mod spool_disk_full;
mod spool_used_up;
mod stop_drains;
mod too_many_messages_waiting;
mod top_shows;
mod watched;

mod authenticated;
mod certificates_exchanged;
mod configuration_exchanged;
mod packs_exchanged;
mod pictures;

mod lmtp_client_vanishes;
mod lmtp_configuration_exchanged;
mod lmtp_each_recipient_alone;
mod lmtp_incident_log_cannot_be_written;
mod lmtp_next_hop_dies_after_the_dot;
mod lmtp_next_hop_refuses_a_recipient;
mod lmtp_one_route_down;
mod lmtp_one_route_slow;
mod route_conflict_deferred;

mod chunks;

mod client_vanishes_after_the_dot;
mod client_vanishes_in_data;
mod loops;
mod message_over_the_limit;
mod smuggling_attempt;
mod stray_line_endings;

mod matrix;

mod byte_exact;
mod envelope_is_kept;
mod no_personal_data_in_the_log;
mod one_recipient_inside_one_outside;
mod two_recipients_one_unknown;

/// A citizen: somebody outside, whom nothing protects.
const CITIZEN: &str = "karen@borger.example";

/// Somebody inside.
const COLLEAGUE: &str = "bo@kommune.example";

/// A message with nothing in it.
const CLEAN: &str =
    "From: Mette Holm <meho@kommune.example>\r\nSubject: Referat\r\n\r\nHermed referatet.\r\n.\r\n";

/// A message that must not reach a citizen unprotected.
const CPR: &str =
    "From: Mette Holm <meho@kommune.example>\r\nSubject: Svar\r\n\r\nCPR-nr. 140562-1234.\r\n";

/// What a next hop that behaves says to a message.
const TAKEN: &str = "250 2.0.0 Taken";

/// How long anything is waited for. A test that waits for more has failed; on a machine that others use, starting alone may take 10 s.
const PATIENCE: Duration = Duration::from_secs(40);

/// A message as the gate has it.
fn spooled(message: &[u8]) -> Spooled {
    let settings = spool::Settings::default();
    let mut draft = Draft::new(&settings);
    draft.write(message).unwrap();
    draft.finish().unwrap()
}

/// A message of so many MiB that nothing is found in.
fn large(megabytes: usize) -> Vec<u8> {
    let line = "Det er et langt referat uden tal, og dette er en linje af det.\r\n";
    let lines = (megabytes << 20) / line.len();
    format!("Subject: Referat\r\n\r\n{}", line.repeat(lines)).into_bytes()
}
