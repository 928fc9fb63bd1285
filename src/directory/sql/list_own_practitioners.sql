-- The practitioners who have an agenda in the practice, closed ones included; whether the one asking answers for the
-- entry, and the practices that do.
SELECT p.practitioner_id, p.national_number, p.title, p.given_name, p.family_name, p.specialties, p.sector, p.languages,
       p.presentation, p.version, manent.may_change_entry(p.practitioner_id),
       array(SELECT c.name FROM manent.keepers(p.practitioner_id) AS k (practice_id)
             JOIN manent.practice c ON c.practice_id = k.practice_id ORDER BY c.name)
FROM manent.practitioner p
WHERE p.practitioner_id IN (SELECT a.practitioner_id FROM manent.agenda a WHERE a.practice_id = $1)
  AND ($2::uuid IS NULL OR p.practitioner_id = $2)
ORDER BY p.family_name, p.given_name, p.practitioner_id
