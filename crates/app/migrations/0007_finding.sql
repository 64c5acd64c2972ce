-- Organization databases, version 7. Finding people by several words.

-- people
-- By the person alone: whoever asks for one token of one person is led to the primary key, where
-- people of the same name are beside each other.
drop index person_token_by_person;
create index person_token_by_person on person_token (person_id);
