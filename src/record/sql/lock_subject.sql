-- One at a time for one subject, until the transaction ends, saves among them: what was seen then stays so.
SELECT pg_advisory_xact_lock(hashtextextended($1::text, 7046290))
