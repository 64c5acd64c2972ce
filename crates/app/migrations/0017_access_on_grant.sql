-- Organization databases, version 17. Access on grant, and sandboxes.

-- lending
-- An operator's wish to be let in.
create table access_request (
    id text primary key,
    operator_id text not null,
    operator_name text not null,
    environment text not null,
    terms text not null,
    hours integer not null,
    reason text not null,
    ticket text not null,
    state text not null,
    asked_at bigint not null,
    answered_at bigint
);
create index access_request_by_state on access_request (state, asked_at);

-- What was lent to whom. The terms that count are sealed under a key of the loan's own, which is
-- destroyed when the loan ends.
create table loan (
    id text primary key,
    request_id text references access_request (id),
    operator_id text not null,
    operator_name text not null,
    environment text not null,
    terms text not null,
    key_id text,
    sealed_terms bytea not null,
    reason text not null,
    ticket text not null,
    granted_by text not null,
    granted_at bigint not null,
    expires_at bigint not null,
    first_used_at bigint,
    ended_at bigint,
    ended_why text
);
create index loan_by_operator on loan (operator_id, granted_at);
create index loan_open_by_expiry on loan (expires_at) where ended_at is null;

-- Every page and act of an operator by a loan, written down before it is answered.
create table loan_use (
    id text primary key,
    loan_id text not null references loan (id),
    at bigint not null,
    method text not null,
    route text not null,
    subjects text not null,
    people text not null,
    outcome text not null,
    flagged_at bigint,
    flagged_by text,
    note text
);
create index loan_use_by_loan on loan_use (loan_id, at);
create index loan_use_by_time on loan_use (at);

-- The organization's sandbox, where there is one.
create table sandbox (
    organization_id text primary key,
    sandbox_id text not null,
    slug text not null,
    made_at bigint not null
);

-- organization
-- In a sandbox: of which organization.
create table sandbox_mark (
    organization_id text primary key,
    live_id text not null,
    made_at bigint not null
);
