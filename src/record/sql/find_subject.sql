-- Whose key seals the texts of a subject: a consultation's patient, or the patient itself.
SELECT p.patient_id, p.wrapped_key FROM manent.patient p
WHERE p.practice_id = $1
  AND p.patient_id = CASE $2 WHEN 'patient' THEN $3::uuid
                     ELSE (SELECT c.patient_id FROM manent.consultation c
                           WHERE c.practice_id = $1 AND c.consultation_id = $3::uuid) END
