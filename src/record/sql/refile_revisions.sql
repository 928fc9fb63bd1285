-- Copies of texts in the consultation that they are filed in again. They keep their authors and the times of typing, and
-- are numbered in the order given; a copy stands upon none, so every one of them is a head.
INSERT INTO manent.revision (practice_id, revision_id, subject_kind, subject_id, field, ordinal, heads, author,
    device_id, typed_at, sealed, salt, digest, addendum)
SELECT $1, n.revision_id, 'consultation', $2, n.field, row_number() OVER of_field,
       array_agg(n.revision_id) OVER (of_field ROWS UNBOUNDED PRECEDING),
       n.author, n.device_id, n.typed_at, n.sealed, n.salt, n.digest, n.addendum
FROM unnest($3::uuid[], $4::text[], $5::uuid[], $6::uuid[], $7::timestamptz[], $8::bytea[], $9::bytea[], $10::bytea[],
            $11::boolean[]) WITH ORDINALITY
     AS n(revision_id, field, author, device_id, typed_at, sealed, salt, digest, addendum, at)
WINDOW of_field AS (PARTITION BY n.field ORDER BY n.at)
