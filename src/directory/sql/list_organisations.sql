-- Practices with open agendas that belong to no practitioner and are looked for (SOS Médecins), or that one practice
-- whatever it has left of them.
SELECT c.practice_id, c.name, array(SELECT DISTINCT unnest(a.specialties) AS slug FROM manent.agenda a
                                    WHERE a.practice_id = c.practice_id AND a.practitioner_id IS NULL
                                      AND a.closed_at IS NULL ORDER BY slug)
FROM manent.practice c
WHERE ($1::uuid IS NULL OR c.practice_id = $1)
  AND EXISTS (SELECT 1 FROM manent.agenda a WHERE a.practice_id = c.practice_id AND a.practitioner_id IS NULL
              AND a.specialties <> '{}')
