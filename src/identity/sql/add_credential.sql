-- An account that waits for its address to be confirmed.
INSERT INTO manent.credential (person_id, email, password_hash) VALUES ($1, $2, $3)
