-- Ends the open incidents of one detector and promise, of all practices or of the named one.
INSERT INTO manent.incident_event (incident_id, event_id, practice_id, what, evidence)
SELECT s.incident_id, gen_random_uuid(), s.practice_id, 'ended', $4::jsonb FROM manent.incident_state s
WHERE s.detector = $1::text AND s.promise = $2::text AND s.ended_at IS NULL
  AND ($3::uuid IS NULL OR s.practice_id = $3::uuid)
ON CONFLICT DO NOTHING RETURNING incident_id
