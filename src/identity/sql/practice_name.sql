-- What a practice calls itself.
SELECT name FROM manent.practice WHERE practice_id = $1
