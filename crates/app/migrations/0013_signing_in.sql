-- Organization databases, version 13. A second factor, and how members sign in.

-- access
create table factor (
    member_id text primary key references member (id),
    key_id text not null,
    sealed_secret bytea not null,
    proposed_at bigint not null,
    confirmed_at bigint,
    last_step bigint not null,
    failures integer not null,
    failing_since bigint not null
);

create table recovery_code (
    code_hash bytea primary key,
    member_id text not null references member (id),
    made_at bigint not null
);
create index recovery_code_by_member on recovery_code (member_id);

-- A right password whose second step is still to come. It opens nothing but that step.
create table pending_sign_in (
    token_hash bytea primary key,
    member_id text not null references member (id),
    stage text not null,
    failures integer not null,
    expires_at bigint not null
);
create index pending_sign_in_by_member on pending_sign_in (member_id);
create index pending_sign_in_by_expiry on pending_sign_in (expires_at);

create table known_browser (
    token_hash bytea not null,
    member_id text not null references member (id),
    expires_at bigint not null,
    primary key (token_hash, member_id)
);
create index known_browser_by_member on known_browser (member_id);
create index known_browser_by_expiry on known_browser (expires_at);

-- One row from the first change on.
create table sign_in_rule (
    organization_id text primary key,
    factor_roles text not null,
    idle_minutes integer not null,
    session_hours integer not null,
    password_days integer,
    changed_at bigint not null
);

alter table session add column device text not null default '';
alter table session add column proved_at bigint not null default 0;
-- When the password was set; null where the next sign-in asks for a new one.
alter table member add column password_set_at bigint;
update member set password_set_at = created_at where password_hash is not null;
