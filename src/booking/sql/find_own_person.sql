-- The person to book for, seen only by themselves and by whoever holds a mandate for them.
SELECT given_name, family_name FROM manent.person WHERE person_id = $1
