-- Lists of deals are read in their order: for few people from a range of each, for many while the order is walked. What is
-- mostly empty, or a small part of the table, has an index of its own part.
create index opportunity_owner_amount on opportunity (owner_id, amount_minor, id);
create index opportunity_amount on opportunity (amount_minor, id);
create index opportunity_open on opportunity (owner_id, expected_close_on, id) where status = 'open';
create index opportunity_due on opportunity (expected_close_on, id) where status = 'open';
create index opportunity_owner_closed on opportunity (owner_id, closed_on, id) where closed_on is not null;
create index opportunity_closed on opportunity (closed_on, id) where closed_on is not null;
