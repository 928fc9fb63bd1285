-- Appends the revisions of one request under its idempotency key; no row when the key is known already. Answers each
-- field's heads as they then are. After closing, a text is an addendum.
WITH claimed AS (
    INSERT INTO manent.idempotency_key (person_id, key, request_hash, answer) VALUES ($2, $3, $4, $5)
    ON CONFLICT DO NOTHING RETURNING clock_timestamp() AS recorded_at
), state AS (
    SELECT coalesce(bool_or(e.what = 'closed'), false) AS closed, coalesce(bool_or(e.what = 'retracted'), false) AS retracted
    FROM manent.consultation_event e WHERE e.practice_id = $1 AND e.consultation_id = $7
), stored AS (
    INSERT INTO manent.revision (practice_id, revision_id, subject_kind, subject_id, field, ordinal, base_ids,
        base_digests, heads, author, device_id, typed_at, recorded_at, sealed, salt, digest, addendum)
    SELECT $1, n.revision_id, $6, $7, n.field, coalesce(last.ordinal, 0) + 1, n.base_ids::uuid[], n.base_digests::bytea[],
        ARRAY(SELECT h.id FROM unnest(last.heads) WITH ORDINALITY AS h(id, at)
              WHERE h.id <> ALL (n.base_ids::uuid[]) ORDER BY h.at) || n.revision_id,
        $2, $8, n.typed_at, claimed.recorded_at, n.sealed, n.salt, n.digest, state.closed
    FROM claimed CROSS JOIN state CROSS JOIN unnest($9::text[], $10::uuid[], $11::text[], $12::text[],
        $13::timestamptz[], $14::bytea[], $15::bytea[], $16::bytea[])
        AS n(field, revision_id, base_ids, base_digests, typed_at, sealed, salt, digest)
    LEFT JOIN LATERAL (SELECT r.ordinal, r.heads FROM manent.revision r
                       WHERE r.practice_id = $1 AND r.subject_id = $7 AND r.field = n.field
                       ORDER BY r.ordinal DESC LIMIT 1) last ON true
    RETURNING revision_id, heads, addendum, recorded_at
)
SELECT stored.revision_id, stored.heads, stored.addendum, stored.recorded_at, state.retracted FROM stored, state
