-- Claims of one resource never overlap: the engine refuses, whoever writes at the same time. The key
-- of the table would refuse two that begin together, under another name.
alter table claim drop constraint claim_pkey;
create index claim_by_resource on claim (resource_id, starts_at);
alter table claim add constraint claim_overlap
    exclude using gist (resource_id with =, int8range(starts_at, ends_at) with &&);

create function refused() returns trigger language plpgsql as $$
begin
    raise exception '%', tg_name;
end
$$;

create trigger claim_stays before update of resource_id, starts_at, ends_at on claim
for each row execute function refused();

create trigger act_is_final before update on act for each row execute function refused();

create trigger act_stays before delete on act for each row execute function refused();
