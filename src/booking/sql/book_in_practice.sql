-- Staff book for a patient; answers the appointment's id, the first one's when the request repeats.
SELECT manent.book_in_practice($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
