-- Keeps a time while a form is filled; refuses with the code of what stands in its way.
SELECT manent.hold_time($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
