-- Organization databases, version 18. Single sign-on.

-- access
-- What the sign-in page says of the provider. One row from the first settings on.
create table provider_door (
    organization_id text primary key,
    name text not null,
    -- 1 once the provider was reached.
    is_open integer not null,
    -- 1 where members come in by it alone. Owners always have their password.
    is_only_way integer not null,
    changed_at bigint not null
);

-- The account at a provider that a member is linked to.
create table identity (
    id text primary key,
    member_id text not null references member (id),
    issuer text not null,
    subject text not null,
    linked_at bigint not null,
    used_at bigint,
    unique (issuer, subject)
);
create index identity_by_member on identity (member_id);

-- By which identity a session began, the provider's own name of it as a hash, and how many factors the
-- provider asked for; null, null and 0 where it began otherwise.
alter table session add column identity_id text;
alter table session add column provider_sid bytea;
alter table session add column provider_factors integer not null default 0;
create index session_by_identity on session (identity_id);
alter table pending_sign_in add column identity_id text;
alter table pending_sign_in add column provider_sid bytea;
alter table pending_sign_in add column provider_factors integer not null default 0;
create index pending_sign_in_by_identity on pending_sign_in (identity_id);

-- sso
-- One row from the first settings on.
create table provider (
    organization_id text primary key,
    issuer text not null,
    client_id text not null,
    -- The secret stands sealed under a key of its own; both are null until it is given.
    key_id text,
    sealed_secret bytea,
    domains text not null,
    joins integer not null,
    default_role text not null,
    role_claim text not null,
    role_map text not null,
    -- What the provider says of itself, and its keys, as they were read.
    document text,
    document_at bigint,
    keys text,
    keys_at bigint,
    keys_asked_at bigint,
    changed_at bigint not null
);

-- A sign-in that went to the provider, known by the hash of a cookie. Opens nothing but its own way back.
create table provider_sign_in (
    token_hash bytea primary key,
    purpose text not null,
    session_id text,
    next text,
    began_at bigint not null,
    expires_at bigint not null
);
create index provider_sign_in_by_expiry on provider_sign_in (expires_at);

-- Orders to end sessions that were followed; none works twice.
create table provider_logout (
    token_hash bytea primary key,
    expires_at bigint not null
);
create index provider_logout_by_expiry on provider_logout (expires_at);
