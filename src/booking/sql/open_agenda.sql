-- Opens an agenda; answers its id, the first one's when the request repeats.
SELECT manent.open_agenda($1, $2, $3, $4, $5, $6, $7, $8)
