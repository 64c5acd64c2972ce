-- Organization databases, version 20. How fast programs ask, for all processes.

-- access
create table pace (
    -- A token, or the organization for its directory.
    subject text primary key,
    -- Minutes since the epoch.
    minute bigint not null,
    -- Requests that processes have taken of it.
    taken integer not null,
    expires_at bigint not null
);
create index pace_by_expiry on pace (expires_at);
