-- What people who work with the records need beside them.
create table comment (
  id <uuid> primary key,
  record_type text not null,
  record_id <uuid> not null,
  author_id <uuid> references app_user(id)<deferrable>,
  author_name text not null,
  text text not null,
  version bigint not null default 1,
  created_at bigint not null,
  updated_at bigint not null,
  archived_at bigint
);
create index comment_record on comment (record_id, created_at);
drop index activity_account;
drop index activity_opportunity;
create index activity_account on activity (account_id, happened_at);
create index activity_opportunity on activity (opportunity_id, happened_at);
create index contact_owner on contact (owner_id);
