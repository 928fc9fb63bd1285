-- A family, not a directory.
SELECT manent.refuse(409, 'too_many_persons')
WHERE (SELECT count(*) FROM manent.mandate WHERE holder_person_id = $1) >= $2
