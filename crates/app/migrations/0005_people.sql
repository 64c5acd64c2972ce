-- Organization databases, version 5. Finding people, custom fields, imports.

-- people
alter table contact_point add column position integer not null default 0;
alter table note add column author text;

-- Words under which a person is found, apart from the person.
create table person_token (
    token text not null,
    person_id text not null references person (id),
    primary key (token, person_id)
);
create index person_token_by_person on person_token (person_id, token);

create table person_field (
    id text primary key,
    key text not null unique,
    kind text not null,
    label text not null,
    reason text not null,
    choices text not null,
    required smallint not null,
    position integer not null
);

create table person_value (
    person_id text not null references person (id),
    field_id text not null references person_field (id),
    value text not null,
    primary key (person_id, field_id)
);
create index person_value_by_field on person_value (field_id);

create table import (
    id text primary key,
    state text not null,
    mapping text not null,
    row_count integer not null,
    created_at bigint not null,
    expires_at bigint not null
);
create index import_by_expiry on import (expires_at);

-- A row of an uploaded list, as it came or as it was corrected.
create table import_row (
    import_id text not null references import (id),
    number integer not null,
    cells text not null,
    state text not null,
    person_id text,
    before text,
    expires_at bigint not null,
    primary key (import_id, number)
);
create index import_row_by_state on import_row (import_id, state, number);
create index import_row_by_expiry on import_row (expires_at);
create index import_row_by_person on import_row (person_id) where person_id is not null;
