-- Where a follower that loads everything now begins to read hints; 0 in a new installation.
SELECT coalesce(max(outbox_id), 0) FROM manent.outbox
