-- Somebody who runs the installation; again, it changes nothing.
INSERT INTO manent.operator (person_id) VALUES ($1::uuid) ON CONFLICT DO NOTHING
