-- Opens closed time again.
SELECT manent.remove_absence($1, $2)
