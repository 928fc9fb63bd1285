-- Corrects a patient's identity if it still is the version that was seen, and keeps the new state beside the old ones.
WITH changed AS (
    UPDATE manent.patient
    SET birth_name = $4, used_name = $5, given_names = $6, birth_date = $7, sex = $8, birth_place = $9, phone = $10,
        email = $11, address_lines = $12, postal_code = $13, city = $14, folded_names = $15, version = version + 1
    WHERE practice_id = $1 AND patient_id = $2 AND version = $3
    RETURNING practice_id, patient_id, version, manent.identity_of(patient) AS identity
)
INSERT INTO manent.patient_change (practice_id, patient_id, version, changed_by, identity)
SELECT practice_id, patient_id, version, $16, identity FROM changed
