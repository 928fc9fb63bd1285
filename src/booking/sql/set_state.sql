-- Staff mark what became of an appointment.
SELECT manent.set_state($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
