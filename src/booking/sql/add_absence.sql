-- Closes time of an agenda; answers the absence's id, the first one's when the request repeats.
SELECT manent.add_absence($1, $2, $3, $4, $5, $6, $7, $8)
