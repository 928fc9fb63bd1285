-- Patients' files with the first entry of their history.
WITH added AS (
    INSERT INTO manent.patient (practice_id, patient_id, birth_name, used_name, given_names, birth_date, sex, phone,
                                address_lines, postal_code, city, folded_names, wrapped_key)
    SELECT p.practice, p.id, p.birth_name, nullif(p.used_name, ''), p.given, p.birth::date, p.sex, p.phone,
           ARRAY[p.street], p.postal_code, p.city, p.folded, p.key
    FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                $9::text[], $10::text[], $11::text[], $12::text[], $13::bytea[])
        AS p(practice, id, birth_name, used_name, given, birth, sex, phone, street, postal_code, city, folded, key)
    RETURNING *
)
INSERT INTO manent.patient_change (practice_id, patient_id, version, identity)
SELECT practice_id, patient_id, 1,
       jsonb_build_object('birth_name', birth_name, 'used_name', used_name, 'given_names', given_names,
                          'birth_date', birth_date, 'sex', sex, 'phone', phone)
FROM added
