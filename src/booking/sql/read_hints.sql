-- What was hinted at since the last reading ($1), and what was missing from earlier ones ($2): numbers are given before
-- transactions end, so a lower one may appear later. Two branches, each by its index.
SELECT outbox_id, kind, practice_id, agenda_id, starts_at FROM manent.outbox WHERE outbox_id > $1
UNION
SELECT outbox_id, kind, practice_id, agenda_id, starts_at FROM manent.outbox WHERE outbox_id = ANY ($2::bigint[])
ORDER BY outbox_id LIMIT 10000
