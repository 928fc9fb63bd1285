-- A site that an administrator adds; answers its id, the first one's when the request repeats.
SELECT manent.add_site($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
