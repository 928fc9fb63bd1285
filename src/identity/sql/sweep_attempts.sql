-- Attempts that count for nothing any more.
DELETE FROM manent.attempt WHERE at < now() - interval '2 hours'
