-- The heads of each named field of one subject, addenda among them.
SELECT f.field, last.heads
FROM unnest($3::text[]) AS f(field)
CROSS JOIN LATERAL (SELECT l.heads FROM manent.revision l
                    WHERE l.practice_id = $1 AND l.subject_id = $2 AND l.field = f.field
                    ORDER BY l.ordinal DESC LIMIT 1) last
