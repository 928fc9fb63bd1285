-- Incidents whose beginning or end the operators have not been told; what came and went is told for a day.
SELECT s.incident_id, s.promise, s.detector, s.began_at, s.ended_at, begun.event_id IS NOT NULL
FROM manent.incident_state s
LEFT JOIN manent.incident_event begun ON begun.incident_id = s.incident_id AND begun.what = 'beginning_told'
WHERE (begun.event_id IS NULL AND (s.ended_at IS NULL OR s.ended_at > now() - interval '1 day'))
   OR (begun.event_id IS NOT NULL AND s.ended_at IS NOT NULL
       AND NOT EXISTS (SELECT FROM manent.incident_event told WHERE told.incident_id = s.incident_id AND told.what = 'end_told'))
ORDER BY s.began_at LIMIT 20
