-- Version 8 for SQLite: the tokens are found by their key alone, so they are kept in its order.
drop table person_token;
create table person_token (
    token bigint not null,
    person_id text not null references person (id),
    primary key (token, person_id)
) without rowid;
