-- Organization databases, version 1. One text for every engine: instants are bigint microseconds
-- since 1970 UTC, civil days and times are ISO text, ids are prefixed text, flags are smallint,
-- money is in minor units. Personal columns stand only in the tables of `people` (customers),
-- `offering` (staff) and `messaging`; manifest.rs gives each its purpose, retention and erasure.

-- organization
create table organization (
    id text primary key,
    slug text not null,
    name text not null,
    zone text not null,
    locale text not null,
    sender_name text not null,
    sender_address text not null,
    reply_to text,
    offering_revision bigint not null,
    created_at bigint not null
);

-- access
create table token (
    id text primary key,
    token_hash bytea not null unique,
    name text not null,
    scopes text not null,
    created_at bigint not null,
    expires_at bigint,
    last_used_at bigint,
    revoked_at bigint
);

create table capability (
    id text primary key,
    token_hash bytea not null unique,
    purpose text not null,
    appointment_id text not null,
    person_id text not null,
    created_at bigint not null,
    expires_at bigint not null
);
create index capability_by_appointment on capability (appointment_id);
create index capability_by_person on capability (person_id);
create index capability_by_expiry on capability (expires_at);

create table idempotency (
    key_hash bytea primary key,
    request_hash bytea not null,
    status integer not null,
    sealed_body bytea not null,
    person_id text,
    expires_at bigint not null
);
create index idempotency_by_expiry on idempotency (expires_at);

-- audit
create table act (
    sequence integer primary key,
    at bigint not null,
    actor text not null,
    act text not null,
    subject text not null,
    detail text not null
);

-- offering
create table location (
    id text primary key,
    name text not null,
    address text not null,
    zone text not null,
    position integer not null
);

create table room (
    id text primary key,
    location_id text not null references location (id),
    name text not null,
    position integer not null
);

create table staff (
    id text primary key,
    name text not null,
    title text not null,
    email text,
    position integer not null
);

create table service (
    id text primary key,
    slug text not null unique,
    name text not null,
    description text not null,
    length_minutes integer not null,
    buffer_before_minutes integer not null,
    buffer_after_minutes integer not null,
    step_minutes integer not null,
    step_offset_minutes integer not null,
    notice_minutes integer not null,
    horizon_days integer not null,
    daily_limit integer,
    staffing text not null,
    price_minor bigint,
    price_currency text,
    move_until_minutes integer not null,
    cancel_until_minutes integer not null,
    position integer not null
);

create table service_staff (
    service_id text not null references service (id),
    staff_id text not null references staff (id),
    primary key (service_id, staff_id)
);

create table service_room (
    service_id text not null references service (id),
    room_id text not null references room (id),
    primary key (service_id, room_id)
);

create table field (
    id text primary key,
    service_id text not null references service (id),
    key text not null,
    kind text not null,
    label text not null,
    reason text not null,
    choices text not null,
    required smallint not null,
    position integer not null,
    unique (service_id, key)
);

create table weekly_hours (
    id text primary key,
    staff_id text not null references staff (id),
    location_id text not null references location (id),
    weekday integer not null,
    opens_minute integer not null,
    closes_minute integer not null
);

create table hours_override (
    id text primary key,
    staff_id text not null references staff (id),
    day text not null,
    location_id text references location (id),
    opens_minute integer,
    closes_minute integer
);

create table time_off (
    id text primary key,
    staff_id text not null references staff (id),
    starts_at bigint not null,
    ends_at bigint not null
);

create table closed_day (
    id text primary key,
    location_id text references location (id),
    day text not null,
    name text not null
);

-- people
create table person (
    id text primary key,
    name text not null,
    zone text not null,
    locale text not null,
    created_at bigint not null
);

create table contact_point (
    id text primary key,
    person_id text not null references person (id),
    kind text not null,
    value text not null
);
create index contact_point_by_person on contact_point (person_id, kind, id);
create index contact_point_by_value on contact_point (kind, value);

create table answer (
    appointment_id text not null,
    field_key text not null,
    person_id text not null references person (id),
    value text not null,
    primary key (appointment_id, field_key)
);
create index answer_by_person on answer (person_id);

create table note (
    id text primary key,
    person_id text not null references person (id),
    appointment_id text,
    kind text not null,
    value text not null,
    created_at bigint not null
);
create index note_by_person on note (person_id);
create index note_by_appointment on note (appointment_id);

-- scheduling
create table appointment (
    id text primary key,
    reference text not null unique,
    uid text not null,
    service_id text not null references service (id),
    location_id text not null references location (id),
    room_id text references room (id),
    person_id text not null,
    status text not null,
    starts_at bigint not null,
    ends_at bigint not null,
    civil_start text not null,
    zone text not null,
    tzdb text not null,
    revision integer not null,
    chosen_because text not null,
    booked_at bigint not null,
    booked_by text not null
);
create index appointment_by_start on appointment (starts_at, id);
create index appointment_by_person on appointment (person_id);
create index appointment_by_service on appointment (service_id, starts_at);

create table appointment_staff (
    appointment_id text not null references appointment (id),
    staff_id text not null references staff (id),
    booked_at bigint not null,
    primary key (appointment_id, staff_id)
);
create index appointment_staff_by_staff on appointment_staff (staff_id, booked_at);

create table rescheduling (
    id text primary key,
    appointment_id text not null references appointment (id),
    from_starts_at bigint not null,
    to_starts_at bigint not null,
    at bigint not null,
    actor text not null
);
create index rescheduling_by_appointment on rescheduling (appointment_id);

create table cancellation (
    appointment_id text primary key references appointment (id),
    at bigint not null,
    actor text not null
);

create table hold (
    id text primary key,
    service_id text not null references service (id),
    location_id text not null references location (id),
    starts_at bigint not null,
    ends_at bigint not null,
    chosen_because text not null,
    created_at bigint not null,
    expires_at bigint not null
);
create index hold_by_expiry on hold (expires_at);
create index hold_by_service on hold (service_id, starts_at);

-- Time taken on a staff member or a room: half-open, buffers included, for holds and appointments
-- alike. No two claims of one resource overlap: the engine refuses (trigger or exclusion).
create table claim (
    resource_id text not null,
    starts_at bigint not null,
    ends_at bigint not null,
    appointment_id text references appointment (id),
    hold_id text references hold (id),
    block_id text,
    primary key (resource_id, starts_at),
    check (starts_at < ends_at),
    check (ends_at - starts_at <= 2678400000000),
    check (
        case when appointment_id is null then 0 else 1 end
            + case when hold_id is null then 0 else 1 end
            + case when block_id is null then 0 else 1 end = 1
    )
);
create index claim_by_appointment on claim (appointment_id) where appointment_id is not null;
create index claim_by_hold on claim (hold_id) where hold_id is not null;
create index claim_by_block on claim (block_id) where block_id is not null;

-- messaging
create table message (
    id text primary key,
    kind text not null,
    audience text not null,
    appointment_id text not null,
    person_id text not null,
    staff_id text,
    revision integer not null,
    previous_starts_at bigint,
    state text not null,
    attempts integer not null,
    due_at bigint not null,
    lease_until bigint,
    handed_at bigint,
    outcome text,
    created_at bigint not null,
    settled_at bigint
);
create index message_due on message (state, due_at);
create index message_by_person on message (person_id);
create index message_by_appointment on message (appointment_id);

-- letters
create table letter_template (
    kind text not null,
    audience text not null,
    locale text not null,
    subject text not null,
    body text not null,
    changed_at bigint not null,
    primary key (kind, audience, locale)
);
