-- What a next hop has taken, and the client may not have heard of. A row is removed as soon as it has.
create table entry (
    -- In the order in which they were taken.
    id       integer primary key,
    -- A keyed hash of sender, recipient and message.
    key      blob not null constraint sha256 check (length(key) = 32),
    -- When it was taken, in seconds since 1970.
    at       integer not null,
    -- The secure route that took it, or null: the normal one.
    route    text,
    -- The incident it made, or null.
    incident text
) strict;
