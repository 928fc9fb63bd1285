-- Ends one incident, unless it has ended.
INSERT INTO manent.incident_event (incident_id, event_id, practice_id, what, actor, evidence)
SELECT s.incident_id, $2::uuid, s.practice_id, 'ended', $3::uuid, $4::jsonb FROM manent.incident_state s
WHERE s.incident_id = $1::uuid
ON CONFLICT DO NOTHING RETURNING incident_id
