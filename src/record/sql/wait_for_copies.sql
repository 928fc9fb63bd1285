-- Gives a transaction that changes nothing a commit of its own, which waits for the standby as any other.
SELECT pg_logical_emit_message(true, 'manent', 'replay')
