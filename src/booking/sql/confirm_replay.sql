-- A write that is asked for again is answered only once its first commit is surely on every copy; see manent.remember.
SELECT manent.remember($1, $2, '{}')
