//! The tables as SeaORM entities, a file per capability. Columns and their units are explained in
//! `migrations/0001_kernel.sql`; money is in minor units, rates in parts per million, times in milliseconds since 1970 UTC.

mod access;
mod activities;
mod attachments;
mod comments;
mod contracts;
mod customers;
mod goals;
mod imports;
mod ledger;
mod metrics;
mod notifications;
mod orders;
mod organisation;
mod people;
mod pins;
mod pipelines;
mod plans;
mod products;
mod trust;

pub use access::{api_token, app_user, session, sign_in_attempt};
pub use activities::activity;
pub use attachments::attachment;
pub use comments::comment;
pub use contracts::{contract, contract_line, invoice, payment, payment_allocation, payment_schedule, split};
pub use customers::{account, contact, former_name, group_credit_code, lead};
pub use goals::target;
pub use imports::{alias, import_mapping, import_reject, import_row, import_run};
pub use ledger::{attribute_declaration, credit, definition_change, fact};
pub use metrics::metric_version;
pub use notifications::{notification, notification_off};
pub use orders::{delivery, sales_order};
pub use organisation::{calendar_day, company, exchange_rate};
pub use people::{membership, person, team};
pub use pins::pin;
pub use pipelines::{opportunity, pipeline, stage};
pub use plans::{plan, plan_version};
pub use products::{product, product_line};
pub use trust::{audit, audit_seal, idempotency_key, job};
