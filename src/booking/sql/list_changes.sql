-- Every state that an appointment had, oldest first, and who made it so: a colleague, or the patient.
SELECT c.changed_at, coalesce(w.given_name || ' ' || w.family_name, p.given_names || ' ' || p.birth_name, ''), c.what,
       c.starts_at, c.state
FROM manent.appointment_change c
JOIN manent.appointment a ON a.practice_id = c.practice_id AND a.appointment_id = c.appointment_id
LEFT JOIN manent.person w ON w.person_id = c.changed_by
LEFT JOIN manent.patient p ON p.practice_id = a.practice_id AND p.patient_id = a.patient_id
WHERE c.practice_id = $1 AND c.appointment_id = $2 ORDER BY c.version
