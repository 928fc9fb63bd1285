-- A practice and one of its sites, for letters that name them.
SELECT p.name, s.lines, s.postal_code, s.city
FROM manent.practice p JOIN manent.site s ON s.practice_id = p.practice_id
WHERE p.practice_id = $1 AND s.site_id = $2
