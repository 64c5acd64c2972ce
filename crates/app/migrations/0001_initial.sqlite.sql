-- Claims of one resource never overlap, so if any of them overlaps a new one, the last that starts
-- before the new one ends does: one look at the primary key decides.
create trigger claim_insert before insert on claim
when (
    select ends_at from claim
    where resource_id = new.resource_id and starts_at < new.ends_at
    order by starts_at desc limit 1
) > new.starts_at
begin
    select raise(abort, 'claim_overlap');
end;

create trigger claim_stays before update of resource_id, starts_at, ends_at on claim
begin
    select raise(abort, 'claim_stays');
end;

create trigger act_is_final before update on act
begin
    select raise(abort, 'act_is_final');
end;

create trigger act_stays before delete on act
begin
    select raise(abort, 'act_stays');
end;
