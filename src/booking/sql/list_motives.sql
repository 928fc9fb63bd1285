-- The practice's motives, a row for each agenda that offers one.
SELECT o.agenda_id, m.motive_id, m.label, m.duration_min, m.modality, m.admits, m.earliest_min, m.latest_days,
       m.cancel_min, m.repeatable, m.tint, m.sign, m.instructions, m.is_public
FROM manent.motive m
JOIN manent.agenda_motive o ON o.practice_id = m.practice_id AND o.motive_id = m.motive_id
WHERE m.practice_id = $1 AND m.active ORDER BY m.label, m.motive_id
