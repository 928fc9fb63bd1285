-- One agenda's openings and the version of its schedule, which stands in each row; one row without an opening when there
-- is none.
SELECT g.schedule_version, o.opening_id, o.weekday, o.on_date, o.starts_minute, o.ends_minute, o.valid_from,
       o.valid_until, o.audience, o.capacity, o.step_min, o.prefers_neighbours,
       coalesce(array_agg(m.motive_id ORDER BY m.motive_id) FILTER (WHERE m.motive_id IS NOT NULL), '{}')
FROM manent.agenda g
LEFT JOIN manent.opening o ON o.practice_id = g.practice_id AND o.agenda_id = g.agenda_id
LEFT JOIN manent.opening_motive m ON m.practice_id = o.practice_id AND m.opening_id = o.opening_id
WHERE g.practice_id = $1 AND g.agenda_id = $2
GROUP BY g.practice_id, g.agenda_id, o.practice_id, o.opening_id
ORDER BY o.weekday NULLS LAST, o.on_date, o.starts_minute, o.opening_id
