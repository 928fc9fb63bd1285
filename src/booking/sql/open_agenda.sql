-- Opens an agenda, with letters to its practitioner in each language ($9); answers its id, the first one's when the
-- request repeats.
SELECT manent.open_agenda($1, $2, $3, $4, $5, $6, $7, $8, $9)
