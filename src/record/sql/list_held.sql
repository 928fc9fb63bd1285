-- The digests stored for the revisions that a device says it holds, and how long their sealed texts are. Refused where the
-- session sees nothing, because it ended a moment ago: no row is what a loss looks like.
SELECT r.revision_id, r.digest, octet_length(r.sealed)
FROM manent.revision r WHERE r.practice_id = $1::uuid AND r.revision_id = ANY ($2::uuid[])
UNION ALL
SELECT NULL, NULL, length(manent.refuse(404, 'not_found')::text) WHERE manent.current_practice() IS NULL
