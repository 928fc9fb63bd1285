-- One site of a practice.
INSERT INTO manent.site (practice_id, site_id, name, lines, postal_code, city, insee, latitude, longitude, time_zone,
                         access, phone, source_identifier)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
