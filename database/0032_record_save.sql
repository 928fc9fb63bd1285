-- Saving, the program's most frequent write, as one call. Row security would ask who is there once for every table that
-- it touches, and the planner would plan anew each time: together three times what the writing itself costs. The
-- function asks once, by the same session and membership, and then writes with its definer's rights.
--
-- No row answers when the key is known already: the caller then answers what the first request was answered.
CREATE FUNCTION manent.save_revisions(in_session_token text, in_practice uuid, in_key uuid, in_request_hash bytea,
    in_answer jsonb, in_kind text, in_subject uuid, in_device uuid, in_fields text[], in_revisions uuid[],
    in_base_ids text[], in_base_digests text[], in_typed_at timestamptz[], in_sealed bytea[], in_salts bytea[],
    in_digests bytea[])
RETURNS TABLE (revision_id uuid, heads uuid[], addendum boolean, recorded_at timestamptz, retracted boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = manent, pg_temp AS $$
DECLARE
    author uuid;
    closed boolean;
    last record;
BEGIN
    SELECT m.person_id INTO author FROM session s JOIN membership m ON m.person_id = s.person_id
        WHERE s.token_hash = sha256(convert_to(in_session_token, 'UTF8'))
          AND s.revoked_at IS NULL AND s.locked_at IS NULL AND s.expires_at > now()
          AND m.practice_id = in_practice AND m.state = 'active';
    IF NOT FOUND THEN PERFORM manent.refuse(404, 'not_found'); END IF;

    -- One at a time for one subject: whoever comes next sees which heads this one left.
    PERFORM pg_advisory_xact_lock(hashtextextended(in_subject::text, 7046290));
    INSERT INTO idempotency_key (person_id, key, request_hash, answer)
        VALUES (author, in_key, in_request_hash, in_answer) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN RETURN; END IF;

    SELECT coalesce(bool_or(e.what = 'closed'), false), coalesce(bool_or(e.what = 'retracted'), false)
        INTO closed, retracted
        FROM consultation_event e WHERE e.practice_id = in_practice AND e.consultation_id = in_subject;
    recorded_at := clock_timestamp();
    addendum := closed; -- after closing, a text stands beside what was closed
    FOR i IN 1 .. cardinality(in_fields) LOOP
        SELECT r.ordinal, r.heads INTO last FROM revision r
            WHERE r.practice_id = in_practice AND r.subject_id = in_subject AND r.field = in_fields[i]
            ORDER BY r.ordinal DESC LIMIT 1;
        revision_id := in_revisions[i];
        heads := ARRAY(SELECT h.id FROM unnest(last.heads) WITH ORDINALITY AS h (id, at)
                       WHERE h.id <> ALL (in_base_ids[i]::uuid[]) ORDER BY h.at) || revision_id;
        INSERT INTO revision (practice_id, revision_id, subject_kind, subject_id, field, ordinal, base_ids,
                              base_digests, heads, author, device_id, typed_at, recorded_at, sealed, salt, digest,
                              addendum)
            VALUES (in_practice, revision_id, in_kind, in_subject, in_fields[i],
                    coalesce(last.ordinal, 0) + 1, in_base_ids[i]::uuid[], in_base_digests[i]::bytea[],
                    heads, author, in_device, in_typed_at[i],
                    recorded_at, in_sealed[i], in_salts[i], in_digests[i], closed);
        RETURN NEXT;
    END LOOP;
END $$;

REVOKE EXECUTE ON FUNCTION manent.save_revisions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION manent.save_revisions TO manent_app;
