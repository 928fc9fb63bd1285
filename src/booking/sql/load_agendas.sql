-- Agendas for the availability index; all of them when $1 is NULL. Read before their motives, openings and absences: a
-- version that is older than what follows makes a booking plan again, a newer one would let it pass.
SELECT g.practice_id, g.agenda_id, s.time_zone, g.schedule_version, s.lines, s.postal_code, s.city
FROM manent.agenda g JOIN manent.site s ON s.practice_id = g.practice_id AND s.site_id = g.site_id
WHERE $1::uuid[] IS NULL OR g.agenda_id = ANY ($1)
