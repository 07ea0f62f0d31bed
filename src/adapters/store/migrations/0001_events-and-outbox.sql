-- Up Migration

-- Everything that happened, append-only. The chain: hash covers the row and the hash before it.
create table event (
  stream    text        not null,
  seq       integer     not null check (seq > 0),
  type      text        not null,
  data      jsonb       not null,
  actor     text        not null,
  at        timestamptz not null,
  prev_hash text        not null,
  hash      text        not null,
  primary key (stream, seq)
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'events are append-only';
end $$;

create trigger event_is_append_only before update or delete or truncate on event
  for each statement execute function refuse_change();

-- The head of each stream: what an append locks, and the seq and hash that the next event builds on.
-- It also shows that nobody cut events off the end.
create table stream (
  name       text        primary key,
  kind       text        not null,
  seq        integer     not null,
  hash       text        not null,
  changed_at timestamptz not null
);
create index stream_latest on stream (kind, changed_at desc);

-- A project that an invocation works on; the primary key lets only one hold it.
create table claim (
  project text        primary key,
  stream  text        not null,
  at      timestamptz not null
);

-- What is still to be done outside. Open while finished < wanted; a nudge adds one to wanted.
create table outbox (
  kind        text        not null,
  key         text        not null,
  payload     jsonb,
  memo        jsonb,
  wanted      bigint      not null default 1,
  finished    bigint      not null default 0,
  run_at      timestamptz not null,
  -- Null until the queue has a job for it since the last nudge.
  queued_at   timestamptz,
  lease_until timestamptz,
  lease_owner text,
  failures    integer     not null default 0,
  last_error  text,
  changed_at  timestamptz not null,
  primary key (kind, key)
);
create index outbox_unqueued on outbox (run_at) where finished < wanted and queued_at is null;
create index outbox_open on outbox (run_at) where finished < wanted;

-- Evenly spaced permits, shared by all processes.
create table pace (
  name    text        primary key,
  next_at timestamptz not null
);

-- Where each message of ours stands in Slack.
create table delivery (
  key         text        primary key,
  channel     text        not null,
  ts          text,
  digest      text,
  intended_at timestamptz,
  written_at  timestamptz
);
