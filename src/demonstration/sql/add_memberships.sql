-- Who works where.
INSERT INTO manent.membership (membership_id, practice_id, person_id, role, practitioner_id)
SELECT m.person, m.practice, m.person, m.role, nullif(m.practitioner, '')::uuid
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) AS m(practice, person, role, practitioner)
