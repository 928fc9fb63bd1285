-- Appends the revisions of one request under its idempotency key; no row when the key is known already. Answers each
-- field's heads as they then are.
SELECT revision_id, heads, addendum, recorded_at, retracted
FROM manent.save_revisions($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
