-- The revisions that a receipt spoke of, in its order, for answering it again.
SELECT r.field, r.revision_id, r.heads, r.addendum, r.recorded_at, r.salt, r.digest,
       EXISTS (SELECT FROM manent.consultation_event e
               WHERE e.practice_id = $1 AND e.consultation_id = r.subject_id AND e.what = 'retracted')
FROM unnest($2::uuid[]) WITH ORDINALITY AS wanted(revision_id, at)
JOIN manent.revision r ON r.practice_id = $1 AND r.revision_id = wanted.revision_id
ORDER BY wanted.at
