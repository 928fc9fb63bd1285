-- One agenda of a practice.
INSERT INTO manent.agenda (practice_id, agenda_id, site_id, practitioner_id, name, tint, specialties,
                           source_identifier)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
