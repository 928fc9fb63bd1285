-- Corrects a practitioner's entry, if it is still the one that the editor saw.
SELECT manent.change_practitioner($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
