-- Organization databases, version 11. Packages of everything, made for owners and admins.

-- packages
create table package (
    id text primary key,
    state text not null,
    asked_by text not null,
    asked_at bigint not null,
    reason text not null,
    lock_kind text not null,
    key_id text,
    lock_key_id text,
    sealed_lock bytea,
    tries integer not null,
    lease_until bigint,
    rows_read bigint not null,
    rows_total bigint not null,
    bytes bigint not null,
    part_count integer not null,
    sha256 text,
    ended_at bigint,
    ending text,
    expires_at bigint not null
);
create index package_by_time on package (asked_at);
create index package_with_key on package (state) where key_id is not null;

-- Number 0 is a mark without bytes: erasing somebody removes it together with what was made before.
create table package_part (
    package_id text not null references package (id),
    number integer not null,
    bytes bytea not null,
    expires_at bigint not null,
    primary key (package_id, number)
);
create index package_part_by_expiry on package_part (expires_at);

create table package_download (
    id text primary key,
    package_id text not null references package (id),
    member_id text not null,
    at bigint not null
);
create index package_download_by_time on package_download (at);
