-- What a deal must have before it enters a stage: names of fields, as a JSON list.
alter table stage add column required text not null default '[]';
