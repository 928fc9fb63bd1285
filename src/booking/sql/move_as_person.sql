-- A patient moves their appointment within its agenda.
SELECT manent.move_as_person($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
