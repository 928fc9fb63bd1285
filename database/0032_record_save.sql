-- Saving, the program's most frequent write, as one call. Row security would ask who is there once for every table that
-- it touches, and the planner would plan anew each time. The function asks once, by the same session and membership, and
-- then writes with its definer's rights, by a plan made once a connection.
--
-- No row answers when the key is known already: the caller then answers what the first request was answered.
CREATE FUNCTION manent.save_revisions(in_session_token text, in_practice uuid, in_key uuid, in_request_hash bytea,
    in_answer jsonb, in_kind text, in_subject uuid, in_device uuid, in_fields text[], in_revisions uuid[],
    in_base_ids text[], in_base_digests text[], in_typed_at timestamptz[], in_sealed bytea[], in_salts bytea[],
    in_digests bytea[])
RETURNS TABLE (revision_id uuid, heads uuid[], addendum boolean, recorded_at timestamptz, retracted boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = manent, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    writing uuid;
BEGIN
    -- One at a time for one subject: whoever comes next sees, in the next statement, which heads this one left.
    SELECT m.person_id, pg_advisory_xact_lock(hashtextextended(in_subject::text, 7046290)) INTO writing
        FROM session s JOIN membership m ON m.person_id = s.person_id
        WHERE s.token_hash = sha256(convert_to(in_session_token, 'UTF8'))
          AND s.revoked_at IS NULL AND s.locked_at IS NULL AND s.expires_at > now()
          AND m.practice_id = in_practice AND m.state = 'active';
    IF NOT FOUND THEN PERFORM manent.refuse(404, 'not_found'); END IF;

    -- After closing, a text stands beside what was closed.
    RETURN QUERY
    WITH claimed AS (
        INSERT INTO idempotency_key (person_id, key, request_hash, answer)
        VALUES (writing, in_key, in_request_hash, in_answer)
        ON CONFLICT DO NOTHING RETURNING clock_timestamp() AS recorded_at
    ), state AS (
        SELECT coalesce(bool_or(e.what = 'closed'), false) AS closed,
               coalesce(bool_or(e.what = 'retracted'), false) AS retracted
        FROM consultation_event e WHERE e.practice_id = in_practice AND e.consultation_id = in_subject
    ), stored AS (
        INSERT INTO revision (practice_id, revision_id, subject_kind, subject_id, field, ordinal, base_ids,
                              base_digests, heads, author, device_id, typed_at, recorded_at, sealed, salt, digest,
                              addendum)
        SELECT in_practice, n.revision_id, in_kind, in_subject, n.field, coalesce(last.ordinal, 0) + 1,
               n.base_ids::uuid[], n.base_digests::bytea[],
               ARRAY(SELECT h.id FROM unnest(last.heads) WITH ORDINALITY AS h (id, at)
                     WHERE h.id <> ALL (n.base_ids::uuid[]) ORDER BY h.at) || n.revision_id,
               writing, in_device, n.typed_at, claimed.recorded_at, n.sealed, n.salt, n.digest, state.closed
        FROM claimed CROSS JOIN state
        CROSS JOIN unnest(in_fields, in_revisions, in_base_ids, in_base_digests, in_typed_at, in_sealed, in_salts,
                          in_digests)
            AS n (field, revision_id, base_ids, base_digests, typed_at, sealed, salt, digest)
        LEFT JOIN LATERAL (SELECT r.ordinal, r.heads FROM revision r
                           WHERE r.practice_id = in_practice AND r.subject_id = in_subject AND r.field = n.field
                           ORDER BY r.ordinal DESC LIMIT 1) last ON true
        RETURNING revision_id, heads, addendum, recorded_at
    )
    SELECT stored.revision_id, stored.heads, stored.addendum, stored.recorded_at, state.retracted FROM stored, state;
END $$;

REVOKE EXECUTE ON FUNCTION manent.save_revisions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION manent.save_revisions TO manent_app;
