-- The practice's appointments that touch a window, of the agendas named; holds that have run out are none.
-- The window on starts_at begins the longest visit earlier, for the index cannot serve the end.
SELECT a.appointment_id, a.agenda_id, a.motive_id, m.label, m.tint, m.sign, m.modality, a.patient_id,
       coalesce(upper(coalesce(p.used_name, p.birth_name)) || ' ' || split_part(p.given_names, ' ', 1), ''),
       p.birth_date, p.phone, a.starts_at, a.ends_at, a.state, a.lane, a.note_sealed, a.booked_by_staff,
       c.consultation_id, a.version, a.new_patient, s.time_zone
FROM manent.appointment a
JOIN manent.agenda g ON g.practice_id = a.practice_id AND g.agenda_id = a.agenda_id
JOIN manent.site s ON s.practice_id = g.practice_id AND s.site_id = g.site_id
JOIN manent.motive m ON m.practice_id = a.practice_id AND m.motive_id = a.motive_id
LEFT JOIN manent.patient p ON p.practice_id = a.practice_id AND p.patient_id = a.patient_id
LEFT JOIN manent.consultation c ON c.practice_id = a.practice_id AND c.appointment_id = a.appointment_id
WHERE a.practice_id = $1 AND a.agenda_id = ANY ($2)
  AND a.starts_at > $3::timestamptz - interval '8 hours' AND a.starts_at < $4 AND a.ends_at > $3
  AND (a.state <> 'held' OR a.hold_expires_at > now())
ORDER BY a.starts_at, a.lane
