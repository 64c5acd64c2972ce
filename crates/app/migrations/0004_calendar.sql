-- Organization databases, version 4. What the staff calendar needs: statuses, reserved time, feeds.

-- scheduling
create table status_change (
    id text primary key,
    appointment_id text not null references appointment (id),
    from_status text not null,
    to_status text not null,
    at bigint not null,
    actor text not null
);
create index status_change_by_appointment on status_change (appointment_id, at);

-- Time kept free of appointments on staff members or rooms; its claims name what it takes.
create table block (
    id text primary key,
    label text not null,
    starts_at bigint not null,
    ends_at bigint not null,
    created_at bigint not null,
    created_by text not null
);
create index block_by_start on block (starts_at);

-- calendar
create table calendar_set (
    id text primary key,
    member_id text not null,
    name text not null,
    shown text not null,
    created_at bigint not null
);
create index calendar_set_by_member on calendar_set (member_id, name);

create table feed (
    id text primary key,
    staff_id text not null,
    token_hash bytea not null unique,
    created_at bigint not null,
    created_by text not null,
    revoked_at bigint
);
create index feed_by_staff on feed (staff_id);
