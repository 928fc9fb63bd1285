-- How far this server's log is on its disk: whatever a reader has seen lies before.
SELECT (pg_current_wal_flush_lsn() - '0/0')::text
