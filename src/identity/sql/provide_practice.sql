-- A practice with nothing in it yet.
INSERT INTO manent.practice (practice_id, name) VALUES ($1::uuid, $2::text)
