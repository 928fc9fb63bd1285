-- Some revisions with what opens them, in the columns of walk_revisions.
SELECT practice_id, subject_id, field, ordinal, revision_id, subject_kind, base_ids, heads, sealed, salt, digest,
       patient_id, patient_key, practice_key
FROM manent.revision_proof WHERE practice_id = $1::uuid AND revision_id = ANY ($2::uuid[])
