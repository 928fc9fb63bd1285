-- The next revisions after a place, field by field in their order.
SELECT practice_id, subject_id, field, ordinal, revision_id, subject_kind, base_ids, heads, sealed, salt, digest,
       patient_id, patient_key, practice_key
FROM manent.revision_proof
WHERE (practice_id, subject_id, field, ordinal) > ($1::uuid, $2::uuid, $3::text, $4::int)
ORDER BY practice_id, subject_id, field, ordinal LIMIT $5::int
