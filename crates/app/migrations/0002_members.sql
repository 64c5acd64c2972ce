-- Organization databases, version 2. Members, sessions, links and what can be undone.

-- access
create table member (
    id text primary key,
    name text not null,
    email text not null unique,
    role text not null,
    state text not null,
    staff_id text,
    locale text not null,
    password_hash text,
    created_at bigint not null
);

create table session (
    id text primary key,
    token_hash bytea not null unique,
    member_id text not null references member (id),
    created_at bigint not null,
    seen_at bigint not null,
    expires_at bigint not null
);
create index session_by_member on session (member_id);
create index session_by_expiry on session (expires_at);

create table member_link (
    id text primary key,
    token_hash bytea not null unique,
    purpose text not null,
    member_id text references member (id),
    created_at bigint not null,
    expires_at bigint not null
);
create index member_link_by_member on member_link (member_id);
create index member_link_by_expiry on member_link (expires_at);

-- audit
create index act_of_settings on act (detail, sequence) where act = 'organization.changed';

-- undo
create table undo (
    id text primary key,
    kind text not null,
    payload text not null,
    author text not null,
    created_at bigint not null,
    expires_at bigint not null
);
create index undo_by_expiry on undo (expires_at);

-- messaging
create table notice (
    id text primary key,
    kind text not null,
    member_id text not null,
    state text not null,
    attempts integer not null,
    due_at bigint not null,
    lease_until bigint,
    handed_at bigint,
    outcome text,
    created_at bigint not null,
    settled_at bigint
);
create index notice_due on notice (state, due_at);
create index notice_by_member on notice (member_id, created_at);
