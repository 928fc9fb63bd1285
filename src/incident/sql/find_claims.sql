-- What devices claimed in the open incidents of a practice: each revision with the digest that was held.
SELECT s.incident_id, claim ->> 'revision_id', claim ->> 'digest'
FROM manent.incident_state s
JOIN manent.incident_event e ON e.incident_id = s.incident_id AND e.what = 'evidence'
CROSS JOIN LATERAL jsonb_array_elements(coalesce(e.evidence -> 'missing', '[]') || coalesce(e.evidence -> 'different', '[]'))
    AS claimed (claim)
WHERE s.practice_id = $1::uuid AND s.detector = 'device_report' AND s.ended_at IS NULL LIMIT $2::int
