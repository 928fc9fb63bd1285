-- What patients can book with one organisation.
SELECT l.agenda_id, m.motive_id, m.label, m.duration_min, m.modality, m.admits, m.earliest_min, m.latest_days,
       m.cancel_min, m.tint, m.sign, m.instructions
FROM manent.agenda_motive l
JOIN manent.motive m ON m.practice_id = l.practice_id AND m.motive_id = l.motive_id
JOIN manent.agenda a ON a.practice_id = l.practice_id AND a.agenda_id = l.agenda_id
WHERE a.practice_id = $1 AND a.practitioner_id IS NULL AND m.is_public AND m.active
ORDER BY l.agenda_id, m.sign, m.label, m.motive_id
