-- The consultation that stands for an appointment, or else the one of this identifier.
SELECT c.consultation_id, c.patient_id FROM manent.consultation_state c
WHERE c.practice_id = $1 AND c.retracted_at IS NULL AND (c.consultation_id = $2 OR c.appointment_id = $3)
ORDER BY c.appointment_id = $3 DESC NULLS LAST LIMIT 1
