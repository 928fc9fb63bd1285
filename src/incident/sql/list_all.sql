-- Every incident, for who runs the installation: open ones first, then the newest.
SELECT s.incident_id, s.promise, s.detector, s.practice_id, p.name, s.began_at, s.ended_at,
       (SELECT count(DISTINCT named.id) FROM manent.incident_event e CROSS JOIN LATERAL unnest(e.revisions) AS named (id)
        WHERE e.incident_id = s.incident_id)
FROM manent.incident_state s LEFT JOIN manent.practice p ON p.practice_id = s.practice_id
ORDER BY s.ended_at IS NOT NULL, s.began_at DESC LIMIT 200
