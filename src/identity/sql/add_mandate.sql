-- The holder may act for the person.
INSERT INTO manent.mandate (holder_person_id, person_id, relation) VALUES ($1, $2, $3)
