-- A new patient, and its identity as the first of its states.
WITH added AS (
    INSERT INTO manent.patient (practice_id, patient_id, birth_name, used_name, given_names, birth_date, sex,
        birth_place, phone, email, address_lines, postal_code, city, folded_names, wrapped_key)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
    RETURNING practice_id, patient_id, version, manent.identity_of(patient) AS identity
)
INSERT INTO manent.patient_change (practice_id, patient_id, version, changed_by, identity)
SELECT practice_id, patient_id, version, $16, identity FROM added
