-- Organization databases, version 16. Tokens that end and are replaced, and members from a directory.

-- access
alter table token add column kind text not null default 'api';
-- The member who answers for it; null where whoever runs the installation made it.
alter table token add column made_by text;
-- The token whose place it takes.
alter table token add column replaces text;
-- When owners were told that it is about to end.
alter table token add column end_told_at bigint;
create index token_by_maker on token (made_by);

-- What a directory calls a member.
create table directory_entry (
    member_id text primary key references member (id),
    user_name text not null,
    folded_name text not null unique,
    external_id text unique,
    given_name text not null,
    family_name text not null,
    -- 1 while they are suspended because no group is left.
    left_groups integer not null,
    created_at bigint not null,
    changed_at bigint not null
);

-- Which groups of a directory a member is in.
create table member_group (
    group_id text not null,
    member_id text not null references member (id),
    primary key (group_id, member_id)
);
create index member_group_by_member on member_group (member_id);

-- scim
-- One row from the first change on.
create table scim_rule (
    organization_id text primary key,
    welcome text not null,
    default_role text not null,
    without_group text not null,
    changed_at bigint not null
);

create table scim_group (
    id text primary key,
    name text not null,
    folded_name text not null unique,
    external_id text unique,
    -- The role of its members; empty until an owner says which.
    role text not null,
    created_at bigint not null,
    changed_at bigint not null
);
