-- The incident log, version 1.
--
-- What happened is in `event`, in the order it happened, each row chained to the one before it. `incident` and `person`
-- say again what the events say, so that it can be searched; `sluse incident verify` compares them. Nothing here holds a CPR
-- number, an address or a file name in the clear: what could be one was masked before it came here.
--
-- Times are UTC, as `2026-11-21T12:00:00.000000Z`, always of this length, so that they sort as text.

-- One row about the log itself.
create table log (
  -- There is one row.
  one integer primary key constraint one_row check (one = 1),
  -- Tells whether a key is the one the persons of this log were fingerprinted with: an HMAC of fixed words under it.
  key_check blob not null constraint key_check_is_hmac check (length(key_check) = 32),
  -- When the log was begun.
  begun text not null
) strict;

-- One message, or several attempts to send the same one, of which something would have left unprotected.
create table incident (
  -- A ULID: sorts by the time it was opened.
  id text primary key constraint id_is_ulid check (length(id) = 26),
  -- The organization that answers for the message.
  tenant text not null,
  -- When it was opened.
  opened text not null constraint opened_is_time check (length(opened) = 27),
  -- `near-miss`: secured or refused. `breach-candidate`: it left, or was about to, with less protection than it needs. The
  -- worst of all attempts. A candidate is a suspicion; whether it is a breach, a person decides.
  kind text not null constraint kind_is_known check (kind in ('near-miss', 'breach-candidate')),
  -- How bad it would be: `low`, `medium`, `high`.
  severity text not null constraint severity_is_known check (severity in ('low', 'medium', 'high')),
  -- Who sent it, masked; nothing for the null reverse-path of a notice.
  sender text,
  -- How many different people the findings are about.
  persons integer not null constraint persons_is_count check (persons >= 0),
  -- How many findings there are.
  findings integer not null constraint findings_is_count check (findings >= 0),
  -- What last happened to the message, in the words of the event; nothing while that is not known.
  outcome text,
  -- A keyed hash of sender, recipients and message, by which another attempt is known again.
  retry blob not null constraint retry_is_hmac check (length(retry) = 32)
) strict;

-- Another attempt is looked up by it.
create index incident_by_retry on incident (retry, opened);

-- Something that happened, in order.
create table event (
  -- From 1, without a hole.
  seq integer primary key constraint seq_is_positive check (seq >= 1),
  -- The incident it belongs to.
  incident text not null references incident (id),
  -- When it happened.
  at text not null constraint at_is_time check (length(at) = 27),
  -- `opened`: the first attempt. `repeated`: another. `outcome`: what became of an attempt.
  kind text not null constraint kind_is_known check (kind in ('opened', 'repeated', 'outcome')),
  -- All that is known of it, as JSON; nothing once it was erased because it may no longer be kept.
  detail text,
  -- The SHA-256 of the detail, which remains when the detail is erased.
  digest blob not null constraint digest_is_sha256 check (length(digest) = 32),
  -- The SHA-256 of this row and the hash of the row before it: no row can be changed, taken out or put in without all
  -- later hashes telling.
  hash blob not null constraint hash_is_sha256 check (length(hash) = 32)
) strict;

-- The events of an incident.
create index event_by_incident on event (incident, seq);

-- The different people an incident is about.
create table person (
  -- The keyed fingerprint of the person: the same person is the same in every incident.
  fingerprint blob not null constraint fingerprint_is_hmac check (length(fingerprint) = 16),
  -- The incident.
  incident text not null references incident (id),
  primary key (fingerprint, incident)
) strict, without rowid;

-- How far each journal (lines of JSON for a log collector) has come.
create table journal (
  -- The file.
  path text primary key,
  -- The last event that was surely written to it. After a crash some may be written again, never left out.
  seq integer not null
) strict, without rowid;
