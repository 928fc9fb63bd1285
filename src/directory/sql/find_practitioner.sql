-- One practitioner's page.
SELECT practitioner_id, title, given_name, family_name, specialty, sector, languages, presentation
FROM manent.practitioner
WHERE practitioner_id = $1
