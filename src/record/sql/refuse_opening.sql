-- Refuses to open a consultation for a patient or from an appointment that is not there, or is another patient's.
SELECT CASE
    WHEN p.patient_id IS NULL THEN manent.refuse(404, 'not_found')
    WHEN $3::uuid IS NOT NULL AND a.patient_id IS NULL THEN manent.refuse(404, 'not_found')
    WHEN a.patient_id <> p.patient_id THEN manent.refuse(409, 'other_patient') END
FROM (SELECT) AS asked
LEFT JOIN manent.patient p ON p.practice_id = $1 AND p.patient_id = $2
LEFT JOIN manent.appointment a ON a.practice_id = $1 AND a.appointment_id = $3
