-- Who read or wrote one's own data, by hour: saving every two seconds is one act to whoever reads this.
SELECT max(e.at), pr.name, e.actor, e.action,
       CASE WHEN e.what IN ('record', 'search') THEN 'patient' ELSE e.what END AS what
FROM manent.access_event e
JOIN manent.practice pr ON pr.practice_id = e.practice_id
GROUP BY e.practice_id, pr.name, e.patient_id, e.actor, e.action, 5, date_trunc('hour', e.at)
ORDER BY 1 DESC
LIMIT 200
