-- The practices' keys, wrapped by the master key.
INSERT INTO manent.practice_key (practice_id, wrapped) SELECT * FROM unnest($1::uuid[], $2::bytea[])
