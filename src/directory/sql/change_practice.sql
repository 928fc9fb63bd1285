-- Corrects what the practice says of itself, if it is still what the editor saw.
SELECT manent.change_practice($1, $2, $3, $4, $5)
