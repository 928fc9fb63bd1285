-- Names for a list of persons.
SELECT person_id, given_name || ' ' || family_name FROM manent.person WHERE person_id = ANY ($1::uuid[])
