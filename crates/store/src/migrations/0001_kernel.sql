-- The kernel's whole data model. One text for both databases; the words in angle brackets are replaced per database
-- (see migrations/mod.rs): <uuid> <bool> <bytes> <serial> <txid>. Money is in minor units, rates in parts per million,
-- dates are dates (text in SQLite), times are milliseconds since 1970 UTC, payloads are JSON text.
-- Statements are separated by a line that holds a semicolon at its end.

-- company ----------------------------------------------------------------------------------------------------------
create table company (
  id <uuid> primary key,
  name text not null,
  currency text not null,
  timezone text not null,
  locale text not null,
  fiscal_year_start_month integer not null default 1,
  month_closing_day integer,
  weekend text not null default 'sat,sun',
  customer_rule text not null,
  on_pace_tolerance_ppm bigint not null default 50000,
  attainment_visible_to_all <bool> not null default false,
  settings text not null default '{}',
  example <bool> not null default false,
  version bigint not null default 1,
  created_at bigint not null,
  updated_at bigint not null
);

create table calendar_day (
  date <date> primary key,
  kind text not null check (kind in ('working', 'holiday')),
  name text
);

create table exchange_rate (
  date <date> not null,
  from_currency text not null,
  to_currency text not null,
  rate_e10 bigint not null check (rate_e10 > 0),
  primary key (date, from_currency, to_currency)
);

-- people -----------------------------------------------------------------------------------------------------------
create table team (
  id <uuid> primary key,
  external_id text unique,
  name text not null,
  parent_id <uuid> references team(id)<deferrable>,
  region text,
  version bigint not null default 1,
  created_at bigint not null,
  updated_at bigint not null,
  archived_at bigint
);
create unique index team_name_in_parent on team (parent_id, name) where archived_at is null;

create table person (
  id <uuid> primary key,
  external_id text unique,
  name text not null,
  email text unique,
  phone text,
  kind text not null default 'employee' check (kind in ('employee', 'partner')),
  start_date <date>,
  end_date <date>,
  attributes text not null default '{}',
  version bigint not null default 1,
  created_at bigint not null,
  updated_at bigint not null,
  archived_at bigint
);

create table membership (
  id <uuid> primary key,
  person_id <uuid> not null references person(id)<deferrable>,
  team_id <uuid> not null references team(id)<deferrable>,
  role text not null,
  manager_id <uuid> references person(id)<deferrable>,
  from_date <date> not null,
  to_date <date>,
  check (to_date is null or to_date >= from_date)
);
create index membership_person on membership (person_id, from_date);
create index membership_team on membership (team_id);

create table app_user (
  id <uuid> primary key,
  person_id <uuid> unique references person(id)<deferrable>,
  email text not null unique,
  name text not null,
  role text not null check (role in ('rep','manager','director','operations','finance','hr','auditor','administrator')),
  pay_grant <bool> not null default false,
  password_hash text,
  password_change_required <bool> not null default false,
  locale text,
  disabled_at bigint,
  version bigint not null default 1,
  created_at bigint not null,
  updated_at bigint not null
);

create table session (
  token_hash <bytes> primary key,
  user_id <uuid> not null references app_user(id)<deferrable>,
  created_at bigint not null,
  expires_at bigint not null,
  last_seen_at bigint not null,
  user_agent text
);
create index session_of_user on session (user_id);

create table api_token (
  id <uuid> primary key,
  user_id <uuid> not null references app_user(id)<deferrable>,
  name text not null,
  token_hash <bytes> not null unique,
  created_at bigint not null,
  expires_at bigint,
  revoked_at bigint
);
create index api_token_user on api_token (user_id);

create table sign_in_attempt (
  key text primary key,
  failures integer not null,
  last_failure_at bigint not null,
  locked_until bigint
);

-- products ---------------------------------------------------------------------------------------------------------
create table product_line (
  id <uuid> primary key,
  external_id text unique,
  code text not null unique,
  name text not null,
  parent_id <uuid> references product_line(id)<deferrable>,
  version bigint not null default 1,
  created_at bigint not null,
  updated_at bigint not null,
  archived_at bigint
);

create table product (
  id <uuid> primary key,
  external_id text unique,
  code text not null unique,
  name text not null,
  product_line_id <uuid> references product_line(id)<deferrable>,
  list_price_minor bigint,
  cost_minor bigint,
  tax_rate_ppm bigint,
  unit text,
  attributes text not null default '{}',
  version bigint not null default 1,
  created_at bigint not null,
  updated_at bigint not null,
  archived_at bigint
);

-- customers --------------------------------------------------------------------------------------------------------
create table account (
  id <uuid> primary key,
  external_id text unique,
  name text not null,
  parent_id <uuid> references account(id)<deferrable>,
  group_id <uuid> not null,
  social_credit_code text,
  industry text,
  region text,
  tier text,
  source text,
  phone text,
  website text,
  address text,
  founded_year integer,
  employees bigint,
  revenue_minor bigint,
  owner_id <uuid> references person(id)<deferrable>,
  attributes text not null default '{}',
  version bigint not null default 1,
  created_at bigint not null,
  created_by <uuid>,
  updated_at bigint not null,
  archived_at bigint
);
create index account_name on account (name);
create index account_group on account (group_id);
create index account_owner on account (owner_id);

-- One social credit code belongs to one group of companies: the guard is this table's key.
create table group_credit_code (
  social_credit_code text primary key,
  group_id <uuid> not null
);

create table former_name (
  account_id <uuid> not null references account(id)<deferrable>,
  name text not null,
  until <date> not null,
  primary key (account_id, name, until)
);

create table contact (
  id <uuid> primary key,
  external_id text unique,
  account_id <uuid> references account(id)<deferrable>,
  name text not null,
  title text,
  decision_role text,
  phone text,
  email text,
  wechat text,
  owner_id <uuid> references person(id)<deferrable>,
  attributes text not null default '{}',
  version bigint not null default 1,
  created_at bigint not null,
  created_by <uuid>,
  updated_at bigint not null,
  archived_at bigint
);
create index contact_account on contact (account_id);

create table lead (
  id <uuid> primary key,
  external_id text unique,
  name text not null,
  company_name text,
  title text,
  phone text,
  email text,
  source text,
  campaign text,
  region text,
  status text not null default 'open' check (status in ('open', 'working', 'converted', 'closed')),
  first_touch_at bigint not null,
  owner_id <uuid> references person(id)<deferrable>,
  account_id <uuid> references account(id)<deferrable>,
  opportunity_id <uuid>,
  note text,
  attributes text not null default '{}',
  version bigint not null default 1,
  created_at bigint not null,
  created_by <uuid>,
  updated_at bigint not null,
  archived_at bigint
);
create index lead_owner on lead (owner_id);

-- pipeline ---------------------------------------------------------------------------------------------------------
create table pipeline (
  id <uuid> primary key,
  external_id text unique,
  name text not null unique,
  position integer not null,
  version bigint not null default 1,
  created_at bigint not null,
  updated_at bigint not null,
  archived_at bigint
);

create table stage (
  id <uuid> primary key,
  pipeline_id <uuid> not null references pipeline(id)<deferrable>,
  code text not null,
  name text not null,
  position integer not null,
  kind text not null check (kind in ('open', 'won', 'lost')),
  probability_ppm bigint not null default 0,
  archived_at bigint,
  unique (pipeline_id, code),
  unique (id, pipeline_id)
);

create table opportunity (
  id <uuid> primary key,
  external_id text unique,
  name text not null,
  account_id <uuid> references account(id)<deferrable>,
  contact_id <uuid> references contact(id)<deferrable>,
  lead_id <uuid> references lead(id)<deferrable>,
  owner_id <uuid> references person(id)<deferrable>,
  pipeline_id <uuid> not null,
  stage_id <uuid> not null,
  status text not null default 'open' check (status in ('open', 'won', 'lost')),
  product_id <uuid> references product(id)<deferrable>,
  amount_minor bigint,
  currency text not null,
  opened_on <date>,
  expected_close_on <date>,
  closed_on <date>,
  stage_entered_at bigint not null,
  source text,
  lost_reason text,
  competitor text,
  next_step text,
  attributes text not null default '{}',
  version bigint not null default 1,
  created_at bigint not null,
  created_by <uuid>,
  updated_at bigint not null,
  archived_at bigint,
  foreign key (stage_id, pipeline_id) references stage(id, pipeline_id)<deferrable>
);
create index opportunity_owner on opportunity (owner_id, id);
create index opportunity_account on opportunity (account_id);

-- contracts --------------------------------------------------------------------------------------------------------
create table contract (
  id <uuid> primary key,
  external_id text unique,
  number text not null unique,
  name text not null,
  account_id <uuid> not null references account(id)<deferrable>,
  opportunity_id <uuid> references opportunity(id)<deferrable>,
  owner_id <uuid> references person(id)<deferrable>,
  parent_id <uuid> references contract(id)<deferrable>,
  contract_kind text not null check (contract_kind in ('new','add_on','renewal','repeat','framework')),
  status text not null default 'draft' check (status in ('draft','signed','ended','cancelled')),
  signed_on <date>,
  filed_on <date>,
  service_from <date>,
  service_to <date>,
  currency text not null,
  amount_minor bigint not null,
  amount_excl_tax_minor bigint not null,
  list_amount_minor bigint,
  cost_minor bigint,
  attributes text not null default '{}',
  version bigint not null default 1,
  created_at bigint not null,
  created_by <uuid>,
  updated_at bigint not null,
  archived_at bigint
);
create index contract_account on contract (account_id, signed_on);
create index contract_opportunity on contract (opportunity_id);
create index contract_owner on contract (owner_id);

create table contract_line (
  id <serial>,
  contract_id <uuid> not null references contract(id)<deferrable>,
  position integer not null,
  product_id <uuid> references product(id)<deferrable>,
  product_line_id <uuid> references product_line(id)<deferrable>,
  description text,
  quantity_micro bigint not null default 1000000,
  list_price_minor bigint,
  price_minor bigint not null,
  cost_minor bigint,
  tax_rate_ppm bigint not null default 0,
  amount_minor bigint not null,
  amount_excl_tax_minor bigint not null,
  unique (contract_id, position)
);

-- Who is credited with a record from which day: opportunities and contracts.
create table split (
  id <serial>,
  record_type text not null check (record_type in ('opportunity', 'contract')),
  record_id <uuid> not null,
  person_id <uuid> not null references person(id)<deferrable>,
  role text not null,
  share_ppm bigint not null check (share_ppm > 0),
  from_date <date> not null,
  unique (record_type, record_id, person_id, role, from_date)
);
create index split_person on split (person_id, record_type);

create table payment_schedule (
  id <uuid> primary key,
  contract_id <uuid> not null references contract(id)<deferrable>,
  position integer not null,
  name text,
  due_on <date> not null,
  amount_minor bigint not null check (amount_minor > 0),
  unique (contract_id, position)
);

create table payment (
  id <uuid> primary key,
  external_id text unique,
  contract_id <uuid> not null references contract(id)<deferrable>,
  account_id <uuid> not null references account(id)<deferrable>,
  kind text not null default 'payment' check (kind in ('payment', 'refund', 'write_off')),
  refers_to <uuid> references payment(id)<deferrable>,
  received_on <date> not null,
  currency text not null,
  amount_minor bigint not null check (amount_minor > 0),
  method text,
  reference text,
  note text,
  reversed_at bigint,
  version bigint not null default 1,
  created_at bigint not null,
  created_by <uuid>,
  updated_at bigint not null
);
create index payment_contract on payment (contract_id, received_on);

-- Which part of a payment pays which row of the schedule; the oldest row first. One fact for each row.
create table payment_allocation (
  id <serial>,
  payment_id <uuid> not null references payment(id)<deferrable>,
  schedule_id <uuid> references payment_schedule(id)<deferrable>,
  amount_minor bigint not null,
  due_on <date>,
  days_overdue bigint not null default 0,
  fact_id <uuid> not null
);
create index payment_allocation_payment on payment_allocation (payment_id);
create index payment_allocation_schedule on payment_allocation (schedule_id);

create table invoice (
  id <uuid> primary key,
  external_id text unique,
  number text not null unique,
  contract_id <uuid> references contract(id)<deferrable>,
  account_id <uuid> not null references account(id)<deferrable>,
  issued_on <date> not null,
  kind text not null default 'invoice' check (kind in ('invoice', 'credit_note')),
  currency text not null,
  amount_minor bigint not null,
  amount_excl_tax_minor bigint not null,
  tax_minor bigint not null,
  version bigint not null default 1,
  created_at bigint not null,
  created_by <uuid>,
  updated_at bigint not null,
  archived_at bigint
);
create index invoice_contract on invoice (contract_id);

create table sales_order (
  id <uuid> primary key,
  external_id text unique,
  number text not null unique,
  account_id <uuid> references account(id)<deferrable>,
  contract_id <uuid> references contract(id)<deferrable>,
  owner_id <uuid> references person(id)<deferrable>,
  sold_on <date> not null,
  channel text,
  status text not null default 'open' check (status in ('open', 'delivered', 'cancelled')),
  currency text not null,
  amount_minor bigint not null,
  amount_excl_tax_minor bigint not null,
  cost_minor bigint,
  product_id <uuid> references product(id)<deferrable>,
  quantity_micro bigint not null default 1000000,
  attributes text not null default '{}',
  version bigint not null default 1,
  created_at bigint not null,
  created_by <uuid>,
  updated_at bigint not null,
  archived_at bigint
);
create index sales_order_owner on sales_order (owner_id);

create table delivery (
  id <uuid> primary key,
  external_id text unique,
  order_id <uuid> not null references sales_order(id)<deferrable>,
  delivered_on <date> not null,
  quantity_micro bigint not null,
  place text,
  note text,
  version bigint not null default 1,
  created_at bigint not null,
  created_by <uuid>,
  updated_at bigint not null
);
create index delivery_order on delivery (order_id);

create table activity (
  id <uuid> primary key,
  external_id text unique,
  kind text not null check (kind in ('call', 'visit', 'demo', 'message', 'meeting')),
  subject text not null,
  owner_id <uuid> not null references person(id)<deferrable>,
  account_id <uuid> references account(id)<deferrable>,
  contact_id <uuid> references contact(id)<deferrable>,
  opportunity_id <uuid> references opportunity(id)<deferrable>,
  lead_id <uuid> references lead(id)<deferrable>,
  happened_at bigint not null,
  happened_on <date> not null,
  minutes integer,
  outcome text,
  effective <bool> not null default false,
  next_step text,
  next_step_on <date>,
  place text,
  latitude_micro bigint,
  longitude_micro bigint,
  file_name text,
  file_hash text,
  attributes text not null default '{}',
  version bigint not null default 1,
  created_at bigint not null,
  created_by <uuid>,
  updated_at bigint not null,
  archived_at bigint
);
create index activity_owner on activity (owner_id, happened_on);
create index activity_opportunity on activity (opportunity_id);
create index activity_account on activity (account_id);

-- ledger -----------------------------------------------------------------------------------------------------------
create table fact (
  sequence <serial>,
  <txid>
  id <uuid> not null unique,
  kind text not null,
  date <date> not null,
  occurred_at bigint not null,
  recorded_at bigint not null,
  account_id <uuid>,
  account_group <uuid>,
  opportunity_id <uuid>,
  contract_id <uuid>,
  payment_id <uuid>,
  product_id <uuid>,
  product_line text,
  region text,
  tier text,
  customer_kind text,
  contract_kind text,
  source text,
  amount_minor bigint not null default 0,
  amount_excl_tax_minor bigint,
  margin_minor bigint,
  quantity_micro bigint,
  score_micro bigint,
  currency text not null,
  due_date <date>,
  recognized_on <date>,
  pending <bool> not null default false,
  attributes text,
  refers_to <uuid>,
  rule_version text,
  record_type text not null,
  record_id <uuid> not null,
  actor <uuid>
);
create index fact_record on fact (record_id);
<pg>create index fact_txid on fact (txid);

create table credit (
  fact_id <uuid> not null,
  person_id <uuid> not null,
  role text not null,
  share_ppm bigint not null check (share_ppm > 0),
  from_date <date>,
  primary key (fact_id, person_id, role)
)<without_rowid>;

-- A row for each change of what is not a fact but is part of a snapshot: people, teams, metrics, targets, plans, calendar.
create table definition_change (
  sequence <serial>,
  <txid>
  kind text not null,
  changed_at bigint not null
);
<pg>create index definition_change_txid on definition_change (txid);

create table attribute_declaration (
  name text primary key,
  kind text not null check (kind in ('text', 'number', 'date', 'flag')),
  name_zh text not null,
  name_en text not null
);

-- what it means ----------------------------------------------------------------------------------------------------
create table metric_version (
  id <uuid> primary key,
  code text not null,
  version integer not null,
  from_date <date> not null,
  to_date <date>,
  definition text not null,
  reason text,
  published_at bigint not null,
  published_by <uuid>,
  unique (code, version)
);

create table target (
  id <uuid> primary key,
  metric text not null,
  subject_type text not null check (subject_type in ('person', 'team', 'company')),
  subject_id <uuid> not null,
  period text not null,
  product_line text not null default '',
  region text not null default '',
  tier text not null default '',
  base_micro bigint not null,
  challenge_micro bigint,
  stretch_micro bigint,
  version bigint not null default 1,
  created_at bigint not null,
  created_by <uuid>,
  updated_at bigint not null,
  unique (metric, subject_type, subject_id, period, product_line, region, tier)
);

-- what follows -----------------------------------------------------------------------------------------------------
create table plan (
  id <uuid> primary key,
  key text not null unique,
  name text not null,
  created_at bigint not null,
  created_by <uuid>
);

create table plan_version (
  id <uuid> primary key,
  plan_id <uuid> not null references plan(id)<deferrable>,
  version integer not null,
  from_date <date> not null,
  to_date <date>,
  digest <bytes> not null,
  body text not null,
  source text not null,
  published_at bigint not null,
  published_by <uuid>,
  unique (plan_id, version)
);

-- imports ----------------------------------------------------------------------------------------------------------
create table alias (
  kind text not null,
  alias text not null,
  target_id <uuid> not null,
  created_at bigint not null,
  created_by <uuid>,
  primary key (kind, alias)
);

create table import_run (
  id <uuid> primary key,
  kind text not null,
  file_name text not null,
  file_digest <bytes> not null,
  dry_run <bool> not null,
  created_count bigint not null default 0,
  updated_count bigint not null default 0,
  unchanged_count bigint not null default 0,
  rejected_count bigint not null default 0,
  status text not null,
  rejected text,
  started_at bigint not null,
  finished_at bigint,
  actor <uuid>
);

-- trust ------------------------------------------------------------------------------------------------------------
-- What was done, written with the change itself. Its payload may be erased later (personal data); the chain below cannot.
create table audit (
  sequence <serial>,
  <txid>
  at bigint not null,
  actor_kind text not null check (actor_kind in ('user', 'operator', 'job')),
  actor_id <uuid>,
  actor_name text not null,
  action text not null,
  record_type text not null,
  record_id <uuid>,
  salt <bytes> not null,
  before_payload text,
  after_payload text
);
create index audit_record on audit (record_id);
<pg>create index audit_txid on audit (txid);

-- The chain: a job seals audit rows in order. It holds salted digests only; nothing ever updates or deletes a row.
create table audit_seal (
  position bigint primary key,
  audit_sequence bigint not null unique,
  before_digest <bytes>,
  after_digest <bytes>,
  hash <bytes> not null
);

create table idempotency_key (
  user_id <uuid> not null,
  key text not null,
  request_digest <bytes> not null,
  status integer not null,
  response text not null,
  created_at bigint not null,
  primary key (user_id, key)
);
create index idempotency_created on idempotency_key (created_at);

create table job (
  id <serial>,
  kind text not null,
  payload text not null,
  dedup_key text unique,
  run_at bigint not null,
  attempts integer not null default 0,
  locked_until bigint,
  last_error text,
  created_at bigint not null
);
create index job_due on job (run_at);
