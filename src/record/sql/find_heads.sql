-- The heads of the named fields of one subject. Addenda stand beside a closed text and are not among its heads.
SELECT r.field, r.revision_id, r.sealed, r.salt, r.digest, r.recorded_at,
       coalesce(a.given_name || ' ' || a.family_name, ''), r.typed_at, r.author, r.device_id
FROM unnest($3::text[]) AS f(field)
CROSS JOIN LATERAL (SELECT l.heads FROM manent.revision l
                    WHERE l.practice_id = $1 AND l.subject_id = $2 AND l.field = f.field AND NOT l.addendum
                    ORDER BY l.ordinal DESC LIMIT 1) last
CROSS JOIN LATERAL unnest(last.heads) AS h(revision_id)
JOIN manent.revision r ON r.practice_id = $1 AND r.revision_id = h.revision_id
LEFT JOIN manent.person a ON a.person_id = r.author
ORDER BY r.field, r.ordinal
