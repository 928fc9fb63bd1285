-- A patient books; answers the appointment's id, the first one's when the request repeats.
SELECT manent.book_as_person($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
                             $21)
