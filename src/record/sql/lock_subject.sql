-- One at a time for one subject, until the transaction ends: whoever comes next sees which heads the last one left.
SELECT pg_advisory_xact_lock(hashtextextended($1, 7046290))
