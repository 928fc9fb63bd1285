-- Renames an agenda, closes it or opens it again.
SELECT manent.change_agenda($1, $2, $3, $4, $5)
