-- What the records' API needs beyond the kernel's tables.
-- Days of a lead: business dates beside the moment it was recorded.
alter table lead add column created_on <date>;
alter table lead add column converted_on <date>;
create index opportunity_stage on opportunity (stage_id, id);
create index payment_account on payment (account_id);
create index activity_contact on activity (contact_id);
create index activity_lead on activity (lead_id);
create index split_record on split (record_id);
