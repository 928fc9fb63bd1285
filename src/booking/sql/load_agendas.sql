-- Agendas for the availability index, with what a patient is told of the place; all of them when $1 is NULL. Read before
-- their motives, openings and absences: a version that is older than what follows makes a booking plan again, a newer one
-- would let it pass.
SELECT g.practice_id, g.agenda_id, s.time_zone, g.schedule_version, p.name, g.name, g.practitioner_id, r.title,
       r.given_name, r.family_name, coalesce(r.specialty, g.specialties[1], ''), s.site_id, s.name, s.lines, s.postal_code, s.city, s.latitude,
       s.longitude, s.access, coalesce(s.phone, p.phone), g.closed_at IS NOT NULL
FROM manent.agenda g
JOIN manent.practice p ON p.practice_id = g.practice_id
JOIN manent.site s ON s.practice_id = g.practice_id AND s.site_id = g.site_id
LEFT JOIN manent.practitioner r ON r.practitioner_id = g.practitioner_id
WHERE $1::uuid[] IS NULL OR g.agenda_id = ANY ($1)
