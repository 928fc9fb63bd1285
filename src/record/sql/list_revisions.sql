-- Every revision of one field of one subject, oldest first.
SELECT r.revision_id, r.recorded_at, r.typed_at, coalesce(a.given_name || ' ' || a.family_name, ''), r.base_ids,
       r.sealed, r.digest, r.salt, r.addendum
FROM manent.revision r LEFT JOIN manent.person a ON a.person_id = r.author
WHERE r.practice_id = $1 AND r.subject_id = $2 AND r.field = $3 AND r.subject_kind = $4
ORDER BY r.ordinal LIMIT $5
