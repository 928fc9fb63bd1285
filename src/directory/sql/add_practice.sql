-- One practice.
INSERT INTO manent.practice (practice_id, name, phone, national_identifier) VALUES ($1, $2, $3, $4)
