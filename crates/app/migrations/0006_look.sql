-- Organization databases, version 6.
-- How an organization's pages and letters look and speak.

-- look
create table look (
    organization_id text primary key,
    color text,
    logo_hash text,
    languages text not null,
    origins text not null,
    changed_at bigint not null
);

create table look_logo (
    hash text primary key,
    kind text not null,
    width integer not null,
    height integer not null,
    bytes bytea not null,
    kept_at bigint not null
);

create table look_word (
    locale text not null,
    noun text not null,
    one text not null,
    many text not null,
    primary key (locale, noun)
);

create table look_text (
    locale text primary key,
    welcome text not null,
    done text not null
);

create table look_link (
    locale text not null,
    position integer not null,
    label text not null,
    url text not null,
    primary key (locale, position)
);
