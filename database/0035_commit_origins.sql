-- Where each commit ends in the log, known to the byte: a connection that takes one of these replication origins has every
-- commit of its own noted with its position (pg_show_replication_origin_status().local_lsn), which a receipt's copies are
-- then counted by. Without one the primary's present position stands in, which runs ahead under load and has receipts wait
-- for what others wrote. At most half of what the server has room for, and none where its owner may not.
DO $$ BEGIN
    PERFORM pg_replication_origin_create('manent_commit_' || n)
        FROM generate_series(1, least(16, current_setting('max_replication_slots')::int / 2)) n
        WHERE NOT EXISTS (SELECT FROM pg_replication_origin o WHERE o.roname = 'manent_commit_' || n);
EXCEPTION WHEN insufficient_privilege THEN NULL;
END $$;

-- The number of the origin that this connection has from now on until it ends; NULL where none is free.
CREATE FUNCTION manent.take_commit_origin() RETURNS int
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE free record;
BEGIN
    FOR free IN SELECT o.roident, o.roname FROM pg_replication_origin o WHERE o.roname LIKE 'manent\_commit\_%'
    LOOP
        BEGIN
            PERFORM pg_replication_origin_session_setup(free.roname);
            RETURN free.roident;
        EXCEPTION WHEN object_in_use THEN CONTINUE;  -- another connection has it
        END;
    END LOOP;
    RETURN NULL;
EXCEPTION WHEN insufficient_privilege OR configuration_limit_exceeded OR object_not_in_prerequisite_state THEN
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION manent.take_commit_origin() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION manent.take_commit_origin() TO manent_app;

-- As before, and of each origin where its newest commit ends. These are read after the senders, so that no standby seems
-- to have what it has not.
DROP FUNCTION manent.flushed();
CREATE FUNCTION manent.flushed(OUT server_start text, OUT own bigint, OUT senders int[], OUT positions bigint[],
                               OUT synchronous int[], OUT origins int[], OUT commits bigint[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    SELECT coalesce(array_agg(w.pid), '{}'), coalesce(array_agg((w.flush_lsn - '0/0')::bigint), '{}'),
           coalesce(array_agg(CASE WHEN w.sync_state IN ('sync', 'quorum') THEN 1 ELSE 0 END), '{}')
        INTO senders, positions, synchronous
        FROM pg_stat_get_wal_senders() w WHERE w.state = 'streaming' AND w.flush_lsn IS NOT NULL;
    IF has_function_privilege('pg_show_replication_origin_status()', 'EXECUTE') THEN
        SELECT coalesce(array_agg(o.local_id::int), '{}'), coalesce(array_agg((o.local_lsn - '0/0')::bigint), '{}')
            INTO origins, commits
            FROM pg_show_replication_origin_status() o;
    ELSE
        origins := '{}';
        commits := '{}';
    END IF;
    own := pg_current_wal_flush_lsn() - '0/0';
    server_start := pg_postmaster_start_time()::text;
END $$;
