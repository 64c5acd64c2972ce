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
