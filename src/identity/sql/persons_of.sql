-- Oneself first, then those one may act for.
SELECT p.person_id, p.given_name, p.family_name, p.birth_date, p.sex, 'self' AS relation, 0 AS place, p.created_at
FROM manent.person p WHERE p.person_id = $1
UNION ALL
SELECT p.person_id, p.given_name, p.family_name, p.birth_date, p.sex, m.relation, 1, m.created_at
FROM manent.mandate m JOIN manent.person p ON p.person_id = m.person_id
WHERE m.holder_person_id = $1
ORDER BY place, created_at, person_id
