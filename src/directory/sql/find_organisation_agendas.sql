-- Where one organisation receives: its open agendas that belong to no practitioner.
SELECT a.agenda_id, a.practice_id, c.name, s.site_id, s.name, s.lines, s.postal_code, s.city, s.latitude, s.longitude,
       s.time_zone, s.access, coalesce(s.phone, c.phone, '')
FROM manent.agenda a
JOIN manent.practice c ON c.practice_id = a.practice_id
JOIN manent.site s ON s.practice_id = a.practice_id AND s.site_id = a.site_id
WHERE a.practice_id = $1 AND a.practitioner_id IS NULL AND a.specialties <> '{}' AND a.closed_at IS NULL
ORDER BY a.agenda_id
