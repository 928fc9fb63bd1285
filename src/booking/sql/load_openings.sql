-- Wall-clock openings with the motives each admits, for the availability index; of all agendas when $1 is NULL. A closed
-- agenda has none, and keeps its rows for when it opens again.
SELECT o.agenda_id, o.opening_id, o.weekday, o.on_date, o.starts_minute, o.ends_minute, o.valid_from, o.valid_until,
       o.audience, o.capacity, o.step_min, o.prefers_neighbours, array_agg(m.motive_id ORDER BY m.motive_id)
FROM manent.opening o
JOIN manent.opening_motive m ON m.practice_id = o.practice_id AND m.opening_id = o.opening_id
JOIN manent.agenda g ON g.practice_id = o.practice_id AND g.agenda_id = o.agenda_id AND g.closed_at IS NULL
WHERE $1::uuid[] IS NULL OR o.agenda_id = ANY ($1)
GROUP BY o.practice_id, o.opening_id
ORDER BY o.agenda_id, o.weekday NULLS LAST, o.on_date, o.starts_minute, o.opening_id
