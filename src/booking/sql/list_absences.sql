-- Closed time that touches a window, of the agendas named.
SELECT b.absence_id, b.agenda_id, b.starts_at, b.ends_at, b.reason, s.time_zone
FROM manent.absence b
JOIN manent.agenda g ON g.practice_id = b.practice_id AND g.agenda_id = b.agenda_id
JOIN manent.site s ON s.practice_id = g.practice_id AND s.site_id = g.site_id
WHERE b.practice_id = $1 AND b.agenda_id = ANY ($2) AND b.removed_at IS NULL
  AND b.ends_at > $3 AND b.starts_at < $4
ORDER BY b.starts_at
