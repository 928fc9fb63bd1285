-- Refuses an act on a consultation that is not there, is retracted, is closed (unless $5 says that this was seen), or
-- whose heads are not those that were seen; the refusal then carries the stored heads by field.
SELECT CASE
    WHEN NOT EXISTS (SELECT FROM manent.consultation c WHERE c.practice_id = $1 AND c.consultation_id = $2)
        THEN manent.refuse(404, 'not_found')
    WHEN state.retracted THEN manent.refuse(409, 'retracted')
    WHEN state.closed AND NOT $5 THEN manent.refuse(409, 'closed')
    WHEN stored.differ THEN manent.refuse(409, 'heads_differ', json_build_object('heads', stored.heads)::text) END
FROM (SELECT coalesce(bool_or(e.what = 'closed'), false) AS closed,
             coalesce(bool_or(e.what = 'retracted'), false) AS retracted
      FROM manent.consultation_event e WHERE e.practice_id = $1 AND e.consultation_id = $2) state,
     (SELECT json_object_agg(f.field, to_json(coalesce(last.heads, '{}'))) AS heads,
             bool_or(coalesce(last.heads, '{}') <> f.seen::uuid[]) AS differ
      FROM unnest($3::text[], $4::text[]) AS f(field, seen)
      LEFT JOIN LATERAL (SELECT r.heads FROM manent.revision r
                         WHERE r.practice_id = $1 AND r.subject_id = $2 AND r.field = f.field
                         ORDER BY r.ordinal DESC LIMIT 1) last ON true) stored
