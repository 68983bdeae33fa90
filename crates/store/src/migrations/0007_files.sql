-- Files in and out: import runs of the browser, and attachments of records.
drop table import_run;
-- A run goes reading > mapping > checking > checked > running > done; cancelled or failed from anywhere.
create table import_run (
  id <uuid> primary key,
  kind text not null,
  file_name text not null,
  file_size bigint not null,
  status text not null check (status in ('reading', 'mapping', 'checking', 'checked', 'running', 'done', 'cancelled', 'failed')),
  problem text,
  header text not null,
  sample text not null,
  guessed text not null,
  mapping text not null,
  total bigint not null default 0,
  first_position bigint not null default 0,
  done bigint not null default 0,
  created_count bigint not null default 0,
  updated_count bigint not null default 0,
  unchanged_count bigint not null default 0,
  rejected_count bigint not null default 0,
  beside text not null default '{}',
  preview text,
  actor_id <uuid> references app_user(id)<deferrable>,
  actor_name text not null,
  version bigint not null default 1,
  created_at bigint not null,
  begun_at bigint,
  beat_at bigint,
  finished_at bigint
);
create index import_run_actor on import_run (actor_id, id);
create table import_row (
  run_id <uuid> not null,
  position bigint not null,
  line bigint not null,
  cells text not null,
  primary key (run_id, position)
) <without_rowid>;
create table import_reject (
  run_id <uuid> not null,
  line bigint not null,
  cells text not null,
  errors text not null,
  primary key (run_id, line)
) <without_rowid>;
create table import_mapping (
  kind text not null,
  header_digest text not null,
  mapping text not null,
  updated_at bigint not null,
  primary key (kind, header_digest)
) <without_rowid>;
-- The bytes lie in the data folder under the digest; several rows may have the same ones.
create table attachment (
  id <uuid> primary key,
  record_type text not null,
  record_id <uuid> not null,
  file_name text not null,
  media_type text not null,
  size bigint not null,
  digest text not null,
  author_id <uuid> references app_user(id)<deferrable>,
  author_name text not null,
  version bigint not null default 1,
  created_at bigint not null,
  updated_at bigint not null,
  archived_at bigint
);
create index attachment_record on attachment (record_id, created_at);
-- How far the place of an activity may be off, metres.
alter table activity add column accuracy_m bigint;
