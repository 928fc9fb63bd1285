-- The roles that the program connects as, and the scopes that row security asks for. Roles themselves are made by the
-- installation (they belong to the cluster, not to this database); here they get only what each needs.
CREATE SCHEMA manent;
GRANT USAGE ON SCHEMA manent TO manent_app, manent_identity, manent_index, manent_mail, manent_audit;

-- Announces the practice and the session of a transaction. SET LOCAL by EXECUTE, because a sharded cluster passes that
-- on to its workers, and ends with the transaction. The token is checked where rows are read, not here.
CREATE FUNCTION manent.enter_practice(practice uuid, session_token text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SET LOCAL manent.practice = %L', practice);
    EXECUTE format('SET LOCAL manent.session = %L', session_token);
END $$;

CREATE FUNCTION manent.enter_person(session_token text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SET LOCAL manent.practice = %L', '');
    EXECUTE format('SET LOCAL manent.session = %L', session_token);
END $$;

-- The person behind the announced session token, or NULL: unknown, revoked, expired and locked sessions see nothing.
-- Definer's rights, because the program's own role may not read sessions.
CREATE FUNCTION manent.current_person() RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = manent, pg_temp AS $$
BEGIN
    RETURN (SELECT s.person_id FROM session s
            WHERE s.token_hash = sha256(convert_to(current_setting('manent.session', true), 'UTF8'))
              AND s.revoked_at IS NULL AND s.locked_at IS NULL AND s.expires_at > now());
END $$;

-- The announced practice when the announced session's person is an active member of it, else NULL. Policies ask it
-- once a statement, as (SELECT manent.current_practice()).
CREATE FUNCTION manent.current_practice() RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = manent, pg_temp AS $$
BEGIN
    RETURN (SELECT m.practice_id FROM session s
            JOIN membership m ON m.person_id = s.person_id
            WHERE s.token_hash = sha256(convert_to(current_setting('manent.session', true), 'UTF8'))
              AND s.revoked_at IS NULL AND s.locked_at IS NULL AND s.expires_at > now()
              AND m.practice_id = nullif(current_setting('manent.practice', true), '')::uuid
              AND m.state = 'active');
END $$;

-- A refusal raised in SQL: the message is the problem's code, SQLSTATE MN followed by the answer's HTTP status.
CREATE FUNCTION manent.refuse(status int, code text, details text DEFAULT '{}') RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'MN' || status, MESSAGE = code, DETAIL = details;
END $$;

-- On tables that say what happened: whatever rights a role may have got by mistake, rows are only ever added.
CREATE FUNCTION manent.refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = format('%s only grows: %s is refused', TG_TABLE_NAME, TG_OP);
END $$;

CREATE FUNCTION manent.only_grows(target regclass) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON %s
                    FOR EACH STATEMENT EXECUTE FUNCTION manent.refuse_change()', target);
END $$;

-- Row security for a tenant table: the members of the announced practice, and nobody else, its owner included.
CREATE FUNCTION manent.keep_to_practice(target regclass) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
    EXECUTE format('CREATE POLICY of_practice ON %s TO manent_app
                    USING (practice_id = (SELECT manent.current_practice()))
                    WITH CHECK (practice_id = (SELECT manent.current_practice()))', target);
END $$;

-- Row security for what everyone may read and only its practice may write.
CREATE FUNCTION manent.show_to_all(target regclass) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM manent.keep_to_practice(target);
    EXECUTE format('CREATE POLICY of_everyone ON %s FOR SELECT USING (true)', target);
END $$;

-- The standbys that this server streams to, what each has on its own disk, and the address it comes from (NULL on a unix
-- socket). Definer's rights: without them pg_stat_replication hides flush_lsn.
CREATE FUNCTION manent.standbys() RETURNS TABLE (pid int, name text, flushed_to pg_lsn, address text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT r.pid, r.application_name, r.flush_lsn, host(r.client_addr) FROM pg_stat_replication r
        WHERE r.state = 'streaming' AND r.flush_lsn IS NOT NULL;
END $$;

-- The same without what names them, at a fraction of its cost: the view reads the state of every connection.
CREATE FUNCTION manent.flushed() RETURNS TABLE (pid int, flushed_to pg_lsn)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT w.pid, w.flush_lsn FROM pg_stat_get_wal_senders() w
        WHERE w.state = 'streaming' AND w.flush_lsn IS NOT NULL;
END $$;
