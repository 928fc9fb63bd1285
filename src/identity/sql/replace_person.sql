-- The person of an account that was never confirmed, as the newest wish has it.
UPDATE manent.person SET given_name = $2, family_name = $3, birth_date = $4, sex = $5, phone = $6, language = $7
WHERE person_id = $1
