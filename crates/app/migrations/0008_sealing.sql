-- Organization databases, version 8. Everybody's own key: what is in clear is set aside, sealed
-- row by row, and goes with the next version.

-- people
alter table person rename column name to plain_name;
alter table person add column key_id text not null default '';
alter table person add column name bytea not null default '';
-- The tokens of this person in person_token, eight bytes each.
alter table person add column tokens bytea not null default '';

drop index contact_point_by_value;
alter table contact_point rename column value to plain_value;
alter table contact_point add column value bytea not null default '';

alter table answer rename column value to plain_value;
alter table answer add column value bytea not null default '';

alter table note rename column value to plain_value;
alter table note add column value bytea not null default '';

alter table person_value rename column value to plain_value;
alter table person_value add column value bytea not null default '';

alter table import add column key_id text not null default '';
alter table import_row rename column cells to plain_cells;
alter table import_row rename column before to plain_before;
alter table import_row add column cells bytea not null default '';
alter table import_row add column before bytea;

-- Keys under which something of a person was sealed before two records became one.
create table former_key (
    key_id text primary key,
    person_id text not null references person (id)
);
create index former_key_by_person on former_key (person_id);

-- Blind tokens: HMACs of what a person is found by.
drop table person_token;
create table person_token (
    token bigint not null,
    person_id text not null references person (id),
    primary key (token, person_id)
);

-- undo
-- Offers hold values in clear; they last a day.
delete from undo;
