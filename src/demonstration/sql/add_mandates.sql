-- Relatives that a patient's account books for.
INSERT INTO manent.mandate (holder_person_id, person_id, relation)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[])
