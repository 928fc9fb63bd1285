-- A practitioner by national number, as typed or with a prefix of the SAS before it, and a row for each practice in which
-- they have an agenda and nobody works; one row without a practice when there is none.
SELECT d.practitioner_id, d.given_name, d.family_name, u.practice_id, u.name
FROM manent.practitioner d
LEFT JOIN LATERAL (
    SELECT p.practice_id, p.name FROM manent.practice p
    WHERE EXISTS (SELECT 1 FROM manent.agenda a
                  WHERE a.practice_id = p.practice_id AND a.practitioner_id = d.practitioner_id)
      AND NOT EXISTS (SELECT 1 FROM manent.membership m WHERE m.practice_id = p.practice_id AND m.state <> 'ended')
    ORDER BY p.name) u ON true
WHERE d.national_number IN ($1::text, '8' || $1::text, '0' || $1::text)
