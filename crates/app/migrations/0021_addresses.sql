-- Organization databases, version 21. Letters to another address than a member's present one.

-- access
create table address_letter (
    -- The letter.
    message_id text primary key,
    member_id text not null references member (id),
    -- 'wanted': the member's address once its link was opened. 'before': it was theirs.
    kind text not null,
    address text not null,
    expires_at bigint not null
);
create index address_letter_by_member on address_letter (member_id);
create index address_letter_by_expiry on address_letter (expires_at);
