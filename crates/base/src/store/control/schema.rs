//! The schema steps of the control database.

use crate::store::Migration;

/// Every step, in order.
pub(super) const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "organizations",
        common: "create table organization (
            id text primary key,
            slug text not null unique,
            placement text not null,
            organization_key bytea not null,
            database_key bytea not null,
            complete smallint not null,
            created_at bigint not null
        )",
        sqlite: "",
        postgres: "",
        rows: None,
    },
    Migration {
        version: 2,
        name: "keyring",
        common: "create table wrapped_key (
            organization_id text not null,
            kind text not null,
            version integer not null,
            wrapped bytea not null,
            primary key (organization_id, kind, version)
        );
        insert into wrapped_key (organization_id, kind, version, wrapped)
            select id, 'organization', 1, organization_key from organization;
        insert into wrapped_key (organization_id, kind, version, wrapped)
            select id, 'database', 1, database_key from organization;
        alter table organization drop column organization_key;
        alter table organization drop column database_key;
        create table tombstone (
            organization_id text not null,
            sequence bigint not null,
            subject text not null,
            key_id text not null,
            at bigint not null,
            primary key (organization_id, sequence)
        )",
        sqlite: "",
        postgres: "",
        rows: None,
    },
    Migration {
        version: 3,
        name: "root key",
        common: "create table root_key (seal bytea not null)",
        sqlite: "",
        postgres: "",
        rows: None,
    },
    Migration {
        version: 4,
        name: "jobs",
        common: "create table job (
            id text primary key,
            kind text not null,
            organization_id text,
            author text not null,
            done bigint not null,
            total bigint not null,
            started_at bigint not null,
            touched_at bigint not null,
            finished_at bigint,
            failure text,
            outcome text
        );
        create index job_by_start on job (started_at);
        create index job_by_kind on job (kind, started_at);
        create table server (
            name text primary key,
            sealed_dsn bytea not null,
            created_at bigint not null
        );
        alter table organization add column state text not null default 'active';
        alter table organization add column held_because text;
        alter table organization add column moving_to text;
        alter table organization add column left_behind text",
        sqlite: "",
        postgres: "",
        rows: None,
    },
    super::operators::MIGRATION,
    super::lent::MIGRATION,
    super::doors::MIGRATION,
    super::operator_links::MIGRATION,
    super::pace::MIGRATION,
    super::operator_factor::MIGRATION,
    super::operator_factor::IN_A_SESSION,
];
