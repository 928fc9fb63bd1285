-- A practice by its identifier or its exact name, and its site when there is just one.
SELECT p.practice_id, p.name, (SELECT min(s.site_id::text)::uuid FROM manent.site s WHERE s.practice_id = p.practice_id
                               HAVING count(*) = 1)
FROM manent.practice p WHERE p.practice_id::text = lower($1::text) OR p.name = $1::text
LIMIT 2
