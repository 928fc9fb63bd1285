-- Open incidents by promise.
SELECT s.promise, count(*) FROM manent.incident_state s WHERE s.ended_at IS NULL GROUP BY s.promise
