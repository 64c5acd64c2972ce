-- Organization databases, version 3. More of what is offered: places in places, rooms with hours, skills, location modes.

-- offering
-- What is no longer offered is archived, never removed: appointments refer to it.
alter table location add column parent_id text references location (id);
alter table location add column archived_at bigint;
alter table room add column kind text not null default 'room';
alter table room add column capacity integer;
alter table room add column archived_at bigint;
alter table staff add column archived_at bigint;
alter table field add column archived_at bigint;
alter table service add column mode text not null default 'place';
alter table service add column video_link text;
alter table service add column needs_room smallint not null default 0;
alter table service add column room_capacity integer;
alter table service add column archived_at bigint;
update service set needs_room = 1
where exists (select 1 from service_room where service_room.service_id = service.id);

-- Hours that name a service are in place of the others when that service is asked for.
alter table weekly_hours add column service_id text references service (id);
create index weekly_hours_by_staff on weekly_hours (staff_id);

create table room_hours (
    id text primary key,
    room_id text not null references room (id),
    weekday integer not null,
    opens_minute integer not null,
    closes_minute integer not null
);

create table skill (
    id text primary key,
    name text not null,
    position integer not null
);

create table staff_skill (
    staff_id text not null references staff (id),
    skill_id text not null references skill (id),
    primary key (staff_id, skill_id)
);

create table service_skill (
    service_id text not null references service (id),
    skill_id text not null references skill (id),
    primary key (service_id, skill_id)
);

create index act_by_subject on act (subject, sequence);
