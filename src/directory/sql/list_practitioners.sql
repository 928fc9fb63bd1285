-- Everyone who can be found, or only those with an agenda in one practice.
SELECT p.practitioner_id, p.title, p.given_name, p.family_name, p.specialty, p.specialties, p.sector, p.languages
FROM manent.practitioner p
WHERE $1::uuid IS NULL
   OR p.practitioner_id IN (SELECT a.practitioner_id FROM manent.agenda a WHERE a.practice_id = $1)
