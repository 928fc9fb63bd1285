-- The practice's wrapped key.
SELECT wrapped FROM manent.practice_key WHERE practice_id = $1
