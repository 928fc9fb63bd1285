-- What is known of one incident, oldest first.
SELECT e.at, e.what = 'ended', e.actor, e.evidence
FROM manent.incident_event e
WHERE e.incident_id = $1::uuid AND e.what IN ('evidence', 'ended') ORDER BY e.at, e.event_id
