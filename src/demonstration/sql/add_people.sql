-- People of the demonstration: staff, patients with an account, their relatives.
INSERT INTO manent.person (person_id, given_name, family_name, birth_date, sex, phone)
SELECT p.id, p.given, p.family, nullif(p.birth, '')::date, p.sex, nullif(p.phone, '')
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) AS p(id, given, family, birth, sex, phone)
