-- Organization databases, version 12. Seven roles, and what is taken from them.

-- access
-- What a manager works for: ids of locations, parted by spaces.
alter table member add column locations text not null default '';

-- Whoever served nobody and worked for everybody is what is called a front desk now.
update member set role = 'front_desk' where role = 'staff' and staff_id is null;

-- What the organization takes from its roles; what is not here is left to them.
create table role_limit (
    role text not null,
    area text not null,
    level text not null,
    primary key (role, area)
);
