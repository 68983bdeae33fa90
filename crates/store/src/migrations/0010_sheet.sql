-- Which deals a list means is found in memory now: these indexes were read by lists alone, and paid for by every write.
drop index opportunity_owner_amount;
drop index opportunity_amount;
drop index opportunity_open;
drop index opportunity_due;
drop index opportunity_owner_closed;
drop index opportunity_closed;
