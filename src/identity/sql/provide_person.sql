-- A person made by the installation; one who is there already stays as they are.
INSERT INTO manent.person (person_id, given_name, family_name, birth_date, sex, phone, language)
VALUES ($1::uuid, $2::text, $3::text, $4::date, $5::text, $6::text, $7::text) ON CONFLICT (person_id) DO NOTHING
