-- Its first administrator, as a person.
INSERT INTO manent.person (person_id, given_name, family_name, language)
VALUES ($1::uuid, $2::text, $3::text, $4::text)
