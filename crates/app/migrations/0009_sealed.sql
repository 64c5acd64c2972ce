-- Organization databases, version 9. What was in clear goes.

-- people
alter table person drop column plain_name;
alter table contact_point drop column plain_value;
alter table answer drop column plain_value;
alter table note drop column plain_value;
alter table person_value drop column plain_value;
alter table import_row drop column plain_cells;
alter table import_row drop column plain_before;
