-- Appointments as the practice sees them, newest first: all of a patient, or the one that a consultation was opened from.
SELECT a.appointment_id, a.agenda_id, a.motive_id, m.label, m.tint, m.sign, m.modality, a.patient_id,
       upper(coalesce(p.used_name, p.birth_name)) || ' ' || split_part(p.given_names, ' ', 1), p.birth_date, p.phone,
       a.starts_at, a.ends_at, a.state, a.lane, a.note_sealed, a.booked_by_staff,
       (SELECT c.consultation_id FROM manent.consultation_state c
        WHERE c.practice_id = $1 AND c.appointment_id = a.appointment_id AND c.retracted_at IS NULL),
       a.version, a.new_patient, s.time_zone
FROM manent.appointment a
JOIN manent.patient p ON p.practice_id = a.practice_id AND p.patient_id = a.patient_id
JOIN manent.motive m ON m.practice_id = a.practice_id AND m.motive_id = a.motive_id
JOIN manent.agenda g ON g.practice_id = a.practice_id AND g.agenda_id = a.agenda_id
JOIN manent.site s ON s.practice_id = g.practice_id AND s.site_id = g.site_id
WHERE a.practice_id = $1 AND a.state <> 'held'
  AND (a.patient_id = $2
       OR a.appointment_id = (SELECT o.appointment_id FROM manent.consultation o
                              WHERE o.practice_id = $1 AND o.consultation_id = $3))
ORDER BY a.starts_at DESC, a.appointment_id LIMIT 200
