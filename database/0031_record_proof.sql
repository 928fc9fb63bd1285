-- A revision beside the wrapped keys that open it, for proving that what is stored can be read. The caller's rights and
-- row security apply.
CREATE VIEW manent.revision_proof WITH (security_invoker = true) AS
SELECT r.practice_id, r.subject_id, r.field, r.ordinal, r.revision_id, r.subject_kind, r.base_ids, r.heads, r.sealed,
       r.salt, r.digest, p.patient_id, p.wrapped_key AS patient_key, k.wrapped AS practice_key
FROM manent.revision r
LEFT JOIN manent.consultation c
    ON r.subject_kind = 'consultation' AND c.practice_id = r.practice_id AND c.consultation_id = r.subject_id
LEFT JOIN manent.patient p
    ON p.practice_id = r.practice_id
    AND p.patient_id = CASE r.subject_kind WHEN 'patient' THEN r.subject_id ELSE c.patient_id END
LEFT JOIN manent.practice_key k ON k.practice_id = r.practice_id;
GRANT SELECT ON manent.revision_proof TO manent_app;
