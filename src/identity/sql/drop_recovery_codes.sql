-- The codes of the second factor before.
DELETE FROM manent.recovery_code WHERE person_id = $1
