-- A patient's consultations, newest first, each with the text that its summary is cut from: the conclusion, or else the
-- motif. An empty text is nonce and tag, 40 bytes.
SELECT c.consultation_id, c.opened_at, c.closed_at, c.kind, c.practitioner_name, c.retracted_at IS NOT NULL,
       said.field, said.revision_id, said.sealed
FROM manent.consultation_state c
LEFT JOIN LATERAL (SELECT r.field, r.revision_id, r.sealed
                   FROM unnest('{conclusion,motif}'::text[]) WITH ORDINALITY AS f(field, at)
                   CROSS JOIN LATERAL (SELECT l.field, l.revision_id, l.sealed FROM manent.revision l
                                       WHERE l.practice_id = c.practice_id AND l.subject_id = c.consultation_id
                                         AND l.field = f.field AND NOT l.addendum
                                       ORDER BY l.ordinal DESC LIMIT 1) r
                   WHERE length(r.sealed) > 40 ORDER BY f.at LIMIT 1) said ON true
WHERE c.practice_id = $1 AND c.patient_id = $2 AND ($3 OR c.retracted_at IS NULL)
ORDER BY c.opened_at DESC, c.consultation_id LIMIT 500
