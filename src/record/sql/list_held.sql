-- The digests stored for the revisions that a device says it holds, and how long their sealed texts are.
SELECT r.revision_id, r.digest, octet_length(r.sealed)
FROM manent.revision r WHERE r.practice_id = $1::uuid AND r.revision_id = ANY ($2::uuid[])
