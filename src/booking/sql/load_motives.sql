-- What each agenda offers, for the availability index; of all agendas when $1 is NULL.
SELECT o.agenda_id, m.motive_id, m.label, m.duration_min, m.modality, m.admits, m.earliest_min, m.latest_days,
       m.cancel_min, m.repeatable, m.tint, m.sign, m.instructions, m.is_public
FROM manent.agenda_motive o
JOIN manent.motive m ON m.practice_id = o.practice_id AND m.motive_id = o.motive_id
WHERE m.active AND ($1::uuid[] IS NULL OR o.agenda_id = ANY ($1))
ORDER BY o.agenda_id, m.label, m.motive_id
