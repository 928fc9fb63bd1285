-- Writes a motive and the agendas that offer it.
SELECT manent.save_motive($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
