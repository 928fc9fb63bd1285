-- The one revision of each of their fields.
INSERT INTO manent.revision (practice_id, revision_id, subject_kind, subject_id, field, ordinal, heads, author, device_id,
                             typed_at, recorded_at, sealed, salt, digest)
SELECT r.practice, r.id, r.kind, r.subject, r.field, 1, ARRAY[r.id], r.author, r.author, r.at, r.at, r.sealed, r.salt, r.digest
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::uuid[], $7::timestamptz[], $8::bytea[],
            $9::bytea[], $10::bytea[])
    AS r(practice, id, kind, subject, field, author, at, sealed, salt, digest)
