-- The files of those who have an account.
INSERT INTO manent.person_link (practice_id, patient_id, person_id) SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[])
