-- Whether commits wait for a second copy, and who streams from the primary.
SELECT current_setting('synchronous_standby_names'),
       coalesce((SELECT array_agg(s.name) FROM manent.standbys() s), '{}')
