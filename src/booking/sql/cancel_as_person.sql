-- A patient cancels their appointment.
SELECT manent.cancel_as_person($1, $2, $3, $4, $5, $6, $7, $8, $9)
