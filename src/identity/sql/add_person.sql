-- Somebody the platform did not know.
INSERT INTO manent.person (person_id, given_name, family_name, birth_date, sex, phone, language)
VALUES ($1, $2, $3, $4, $5, $6, $7)
