-- The practice's agendas with their sites; those that are closed last.
SELECT g.agenda_id, g.name, g.practitioner_id, g.site_id, s.name, s.time_zone, g.schedule_version, g.tint,
       g.closed_at IS NOT NULL,
       (SELECT count(*) FROM manent.opening o WHERE o.practice_id = g.practice_id AND o.agenda_id = g.agenda_id)
FROM manent.agenda g JOIN manent.site s ON s.practice_id = g.practice_id AND s.site_id = g.site_id
WHERE g.practice_id = $1 ORDER BY g.closed_at IS NOT NULL, g.name, g.agenda_id
