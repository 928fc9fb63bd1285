-- What the practice says of itself.
SELECT practice_id, name, coalesce(phone, ''), session_minutes, version FROM manent.practice WHERE practice_id = $1
