-- Closed time that is not over, for the availability index; of all agendas when $1 is NULL.
SELECT agenda_id, absence_id, starts_at, ends_at FROM manent.absence
WHERE removed_at IS NULL AND ends_at > now() - interval '1 day' AND ($1::uuid[] IS NULL OR agenda_id = ANY ($1))
