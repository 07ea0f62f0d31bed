-- Up Migration

-- Rollouts that are looked at again and again. A row comes and goes in the transaction of the event that says so; the
-- memo is what looks leave for the next one, and may be lost.
create table watch (
  promotion   text        not null,
  region      text        not null,
  run         integer     not null,
  -- Account and region: what is looked at in one go.
  watch_group text        not null,
  subject     jsonb       not null,
  due_at      timestamptz not null,
  memo        jsonb,
  primary key (promotion, region, run)
);
create index watch_due on watch (watch_group, due_at);

-- The promotions of one service are found by the beginning of their names.
create index stream_name on stream (name text_pattern_ops);
