-- A practitioner whom the directory does not know yet, with an agenda; answers the agenda and whose it is, the first
-- one's when the request repeats.
SELECT opened, whose
FROM manent.add_practitioner($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
