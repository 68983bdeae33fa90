-- Records that somebody keeps at hand, and the orders in which invoices, orders and deliveries are listed.
create table pin (
  user_id <uuid> not null references app_user(id)<deferrable>,
  record_type text not null,
  record_id <uuid> not null,
  pinned_at bigint not null,
  primary key (user_id, record_type, record_id)
)<without_rowid>;
create index invoice_account on invoice (account_id);
create index invoice_issued on invoice (issued_on, id);
create index sales_order_account on sales_order (account_id);
create index sales_order_contract on sales_order (contract_id);
create index sales_order_owner_sold on sales_order (owner_id, sold_on, id);
create index sales_order_sold on sales_order (sold_on, id);
create index delivery_delivered on delivery (delivered_on, id);
