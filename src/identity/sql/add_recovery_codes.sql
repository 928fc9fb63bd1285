-- The codes shown when the second factor was set up.
INSERT INTO manent.recovery_code (person_id, code_hash) SELECT $1, unnest($2::bytea[])
