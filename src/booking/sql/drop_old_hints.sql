-- Hints that every follower has long read. A follower that slept longer loads everything anew.
DELETE FROM manent.outbox WHERE created_at < now() - interval '1 hour'
