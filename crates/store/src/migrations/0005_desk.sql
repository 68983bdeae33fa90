-- What tells people that something concerns them, and the indexes that a desk is read by.
create table notification (
  id <uuid> primary key,
  user_id <uuid> not null references app_user(id)<deferrable>,
  kind text not null,
  record_type text not null,
  record_id <uuid>,
  actor_id <uuid>,
  actor_name text not null,
  data text not null default '{}',
  -- What belongs to one bundle is one message that counts.
  bundle text,
  count bigint not null default 1,
  at bigint not null,
  read_at bigint,
  unique (user_id, bundle)
);
create index notification_user on notification (user_id, at, id);
create index notification_unread on notification (user_id) where read_at is null;
create index notification_at on notification (at);
-- Kinds that somebody does not want to be told of.
create table notification_off (
  user_id <uuid> not null references app_user(id)<deferrable>,
  kind text not null,
  primary key (user_id, kind)
)<without_rowid>;
create index activity_next on activity (owner_id, next_step_on);
create index payment_schedule_due on payment_schedule (due_on);
