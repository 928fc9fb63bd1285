-- The single openings that these practices have already, from a date on.
SELECT agenda_id, on_date, starts_minute, ends_minute
FROM manent.opening WHERE practice_id = ANY($1::uuid[]) AND on_date >= $2
