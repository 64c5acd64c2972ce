-- Organization databases, version 14. Passkeys.

-- access
-- How an authenticator knows a member: random, the same for all of their passkeys.
create table passkey_holder (
    member_id text primary key references member (id),
    user_handle bytea not null
);

create table passkey (
    id text primary key,
    member_id text not null references member (id),
    credential_id bytea not null unique,
    public_key bytea not null,
    use_count bigint not null,
    may_be_copied integer not null,
    is_copied integer not null,
    name text not null,
    made_at bigint not null,
    used_at bigint
);
create index passkey_by_member on passkey (member_id);

-- What a passkey is to sign next, once; known by the hash of a cookie or of a session.
create table passkey_challenge (
    key_hash bytea primary key,
    challenge bytea not null,
    expires_at bigint not null
);
create index passkey_challenge_by_expiry on passkey_challenge (expires_at);

-- Whether a session, or a sign-in that waits for its next step, began with a passkey.
alter table session add column by_passkey integer not null default 0;
alter table pending_sign_in add column by_passkey integer not null default 0;
