-- One practitioner.
INSERT INTO manent.practitioner (practitioner_id, national_number, title, given_name, family_name, folded_name,
                                 specialty, specialties, specialty_codes, sector, languages, presentation)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
