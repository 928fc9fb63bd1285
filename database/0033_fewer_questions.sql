-- What counting copies asks, for all receipts that wait at once: when this server started, how far its own log is on disk,
-- and of each that streams from it the sender's process, how far it has the log on its disk, and whether commits wait for
-- it. One row of arrays: a set would cost more to hand over than to find. Definer's rights: without them the positions are
-- hidden. The senders are read before `own`, so that none seems further than it was.
DROP FUNCTION manent.flushed();
CREATE FUNCTION manent.flushed(OUT server_start text, OUT own bigint, OUT senders int[], OUT positions bigint[],
                               OUT synchronous int[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    SELECT coalesce(array_agg(w.pid), '{}'), coalesce(array_agg((w.flush_lsn - '0/0')::bigint), '{}'),
           coalesce(array_agg(CASE WHEN w.sync_state IN ('sync', 'quorum') THEN 1 ELSE 0 END), '{}')
        INTO senders, positions, synchronous
        FROM pg_stat_get_wal_senders() w WHERE w.state = 'streaming' AND w.flush_lsn IS NOT NULL;
    own := pg_current_wal_flush_lsn() - '0/0';
    server_start := pg_postmaster_start_time()::text;
END $$;

-- Sessions that let somebody in: the one place that says which. For functions with their definer's rights.
CREATE VIEW manent.living_session AS
    SELECT token_hash, person_id FROM manent.session
    WHERE revoked_at IS NULL AND locked_at IS NULL AND expires_at > now();

CREATE OR REPLACE FUNCTION manent.current_person() RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = manent, pg_temp AS $$
BEGIN
    RETURN (SELECT s.person_id FROM living_session s
            WHERE s.token_hash = sha256(convert_to(current_setting('manent.session', true), 'UTF8')));
END $$;

CREATE OR REPLACE FUNCTION manent.current_practice() RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = manent, pg_temp AS $$
BEGIN
    RETURN (SELECT m.practice_id FROM living_session s
            JOIN membership m ON m.person_id = s.person_id
            WHERE s.token_hash = sha256(convert_to(current_setting('manent.session', true), 'UTF8'))
              AND m.practice_id = nullif(current_setting('manent.practice', true), '')::uuid
              AND m.state = 'active');
END $$;

-- Saving, as 0032 describes it, in plain statements one after the other: the one large statement cost more to start than
-- to run.
CREATE OR REPLACE FUNCTION manent.save_revisions(in_session_token text, in_practice uuid, in_key uuid,
    in_request_hash bytea, in_answer jsonb, in_kind text, in_subject uuid, in_device uuid, in_fields text[],
    in_revisions uuid[], in_base_ids text[], in_base_digests text[], in_typed_at timestamptz[], in_sealed bytea[],
    in_salts bytea[], in_digests bytea[])
RETURNS TABLE (revision_id uuid, heads uuid[], addendum boolean, recorded_at timestamptz, retracted boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = manent, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    writing uuid;
    events text[];
    bases uuid[];
    last_place int;
    last_heads uuid[];
BEGIN
    -- One at a time for one subject: whoever comes next sees, in the next statement, which heads this one left.
    SELECT m.person_id, pg_advisory_xact_lock(hashtextextended(in_subject::text, 7046290)) INTO writing
        FROM living_session s JOIN membership m ON m.person_id = s.person_id
        WHERE s.token_hash = sha256(convert_to(in_session_token, 'UTF8'))
          AND m.practice_id = in_practice AND m.state = 'active';
    IF NOT FOUND THEN PERFORM manent.refuse(404, 'not_found'); END IF;

    INSERT INTO idempotency_key (person_id, key, request_hash, answer)
        VALUES (writing, in_key, in_request_hash, in_answer) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN RETURN; END IF;

    recorded_at := clock_timestamp();
    events := ARRAY(SELECT e.what FROM consultation_event e
                    WHERE e.practice_id = in_practice AND e.consultation_id = in_subject);
    addendum := 'closed' = ANY (events);  -- after closing, a text stands beside what was closed
    retracted := 'retracted' = ANY (events);
    FOR n IN 1 .. cardinality(in_fields) LOOP
        revision_id := in_revisions[n];
        bases := in_base_ids[n];
        SELECT r.ordinal, r.heads INTO last_place, last_heads FROM revision r
            WHERE r.practice_id = in_practice AND r.subject_id = in_subject AND r.field = in_fields[n]
            ORDER BY r.ordinal DESC LIMIT 1;
        -- What it was written upon is no head any more; what somebody else wrote meanwhile still is.
        heads := ARRAY[revision_id];
        IF NOT last_heads <@ bases THEN
            heads := ARRAY(SELECT h.id FROM unnest(last_heads) WITH ORDINALITY AS h (id, at)
                           WHERE h.id <> ALL (bases) ORDER BY h.at) || revision_id;
        END IF;
        INSERT INTO revision (practice_id, revision_id, subject_kind, subject_id, field, ordinal, base_ids,
                              base_digests, heads, author, device_id, typed_at, recorded_at, sealed, salt, digest,
                              addendum)
            VALUES (in_practice, save_revisions.revision_id, in_kind, in_subject, in_fields[n],
                    coalesce(last_place, 0) + 1, bases, in_base_digests[n]::bytea[], save_revisions.heads, writing,
                    in_device, in_typed_at[n], save_revisions.recorded_at, in_sealed[n], in_salts[n], in_digests[n],
                    save_revisions.addendum);
        RETURN NEXT;
    END LOOP;
END $$;
