-- Puts a set of openings in the place of the one that the editor saw; answers the new version.
SELECT manent.replace_openings($1, $2, $3, $4)
