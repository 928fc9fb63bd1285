-- A patient's identity and wrapped key, by the patient's identifier or by a consultation's.
SELECT p.patient_id, p.birth_name, p.used_name, p.given_names, p.birth_date, p.sex, p.birth_place, p.phone, p.email,
       p.address_lines, p.postal_code, p.city, p.version, p.wrapped_key
FROM manent.patient p
WHERE p.practice_id = $1
  AND p.patient_id = coalesce($2, (SELECT c.patient_id FROM manent.consultation c
                                   WHERE c.practice_id = $1 AND c.consultation_id = $3))
