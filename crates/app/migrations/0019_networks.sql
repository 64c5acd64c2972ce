-- Organization databases, version 19. From where members may act.

-- access
create table network (
    id text primary key,
    -- The role that it holds for; empty where it holds for all.
    role text not null,
    -- Address and length, such as 192.0.2.0/24; IPv4 within IPv6 is written as IPv4.
    range text not null,
    note text not null,
    created_by text,
    created_at bigint not null
);

-- 1 for a session that holds in spite of networks: an owner's, for an hour.
alter table session add column past_networks integer not null default 0;
-- 1 once a link by mail stood for the network.
alter table pending_sign_in add column past_networks integer not null default 0;
