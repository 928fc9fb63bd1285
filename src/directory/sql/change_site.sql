-- Corrects a site, if it is still the one that the editor saw.
SELECT manent.change_site($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
