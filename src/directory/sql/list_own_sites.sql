-- The practice's sites.
SELECT site_id, name, lines, postal_code, city, insee, access, coalesce(phone, ''), time_zone, version
FROM manent.site WHERE practice_id = $1 AND ($2::uuid IS NULL OR site_id = $2) ORDER BY name, site_id
