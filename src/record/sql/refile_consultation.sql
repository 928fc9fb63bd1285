-- A consultation filed again under the right patient: same encounter, same day, same practitioner.
INSERT INTO manent.consultation (practice_id, consultation_id, patient_id, kind, opened_by, opened_at, refiled_from)
SELECT practice_id, $3, $4, kind, opened_by, opened_at, consultation_id FROM manent.consultation
WHERE practice_id = $1 AND consultation_id = $2
