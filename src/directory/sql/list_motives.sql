-- What patients can book on those agendas.
SELECT l.agenda_id, m.motive_id, m.modality, m.admits
FROM manent.agenda_motive l
JOIN manent.motive m ON m.practice_id = l.practice_id AND m.motive_id = l.motive_id
JOIN manent.agenda a ON a.practice_id = l.practice_id AND a.agenda_id = l.agenda_id
WHERE m.is_public AND m.active AND (a.practitioner_id IS NOT NULL OR a.specialties <> '{}')
  AND ($1::uuid IS NULL
       OR a.practice_id = $1
       OR a.practitioner_id IN (SELECT o.practitioner_id FROM manent.agenda o WHERE o.practice_id = $1))
ORDER BY l.agenda_id, m.sign, m.label, m.motive_id
