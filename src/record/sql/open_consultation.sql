-- Opens a consultation, unless it is there or its appointment has one that stands. One that was retracted does not.
INSERT INTO manent.consultation (practice_id, consultation_id, patient_id, appointment_id, kind, opened_by, renewal)
SELECT $1, $2, $3, $4::uuid, $5, $6, count(*) FROM manent.consultation_state c
WHERE c.practice_id = $1 AND c.appointment_id = $4::uuid AND c.retracted_at IS NOT NULL
ON CONFLICT DO NOTHING
