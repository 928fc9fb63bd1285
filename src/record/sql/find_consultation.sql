-- A consultation and what became of it.
SELECT c.consultation_id, c.kind, c.practitioner_name, c.opened_at, c.closed_at, c.retracted_at,
       coalesce((SELECT r.given_name || ' ' || r.family_name FROM manent.person r WHERE r.person_id = c.retracted_by), ''),
       c.reason_sealed, c.refiled_as
FROM manent.consultation_state c WHERE c.practice_id = $1 AND c.consultation_id = $2
