-- Every open agenda of those practitioners, in all of their practices, and of organisations, which have their practice's
-- identifier.
SELECT coalesce(a.practitioner_id, a.practice_id), a.agenda_id, a.practice_id, c.name, s.site_id, s.name, s.lines,
       s.postal_code, s.city, s.latitude, s.longitude, s.time_zone
FROM manent.agenda a
JOIN manent.practice c ON c.practice_id = a.practice_id
JOIN manent.site s ON s.practice_id = a.practice_id AND s.site_id = a.site_id
WHERE (a.practitioner_id IS NOT NULL OR a.specialties <> '{}') AND a.closed_at IS NULL
  AND ($1::uuid IS NULL
       OR a.practice_id = $1
       OR a.practitioner_id IN (SELECT o.practitioner_id FROM manent.agenda o WHERE o.practice_id = $1))
ORDER BY 1, a.agenda_id
