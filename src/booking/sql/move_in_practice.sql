-- Staff move an appointment, to another agenda where they wish.
SELECT manent.move_in_practice($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
