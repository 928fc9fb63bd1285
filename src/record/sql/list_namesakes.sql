-- Patients born on one of these days, among whom the rules look for one who may be the same.
SELECT patient_id, birth_name, used_name, given_names, birth_date, sex, phone, email FROM manent.patient
WHERE practice_id = $1 AND birth_date = ANY ($2::date[])
ORDER BY folded_names, patient_id LIMIT 500
