-- One absence of the practice.
SELECT b.absence_id, b.agenda_id, b.starts_at, b.ends_at, b.reason, s.time_zone
FROM manent.absence b
JOIN manent.agenda g ON g.practice_id = b.practice_id AND g.agenda_id = b.agenda_id
JOIN manent.site s ON s.practice_id = g.practice_id AND s.site_id = g.site_id
WHERE b.practice_id = $1 AND b.absence_id = $2 AND b.removed_at IS NULL
