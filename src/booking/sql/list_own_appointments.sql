-- The appointments of the person asking and of those they act for, or the one named by $1; row security decides whose.
SELECT a.appointment_id, a.practice_id, p.name, a.agenda_id, g.practitioner_id, r.title, r.given_name, r.family_name,
       r.specialty, g.name, a.motive_id, m.label, m.modality, m.instructions, m.cancel_min, s.site_id, s.name, s.lines,
       s.postal_code, s.city, s.latitude, s.longitude, s.time_zone, s.access, s.phone, a.starts_at, a.ends_at, a.state,
       a.person_id, h.given_name, h.family_name, a.version, m.is_public AND m.active
FROM manent.appointment a
JOIN manent.practice p ON p.practice_id = a.practice_id
JOIN manent.agenda g ON g.practice_id = a.practice_id AND g.agenda_id = a.agenda_id
JOIN manent.site s ON s.practice_id = g.practice_id AND s.site_id = g.site_id
JOIN manent.motive m ON m.practice_id = a.practice_id AND m.motive_id = a.motive_id
LEFT JOIN manent.practitioner r ON r.practitioner_id = g.practitioner_id
LEFT JOIN manent.person h ON h.person_id = a.person_id
WHERE a.state <> 'held' AND ($1::uuid IS NULL OR a.appointment_id = $1)
  AND (a.booked_by = (SELECT manent.current_person()) AND NOT a.booked_by_staff
       OR a.person_id IN (SELECT (SELECT manent.current_person()) UNION SELECT d.person_id FROM manent.mandate d))
ORDER BY a.starts_at
