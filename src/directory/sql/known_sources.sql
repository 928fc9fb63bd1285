-- What earlier imports made in these practices: sites, agendas and motives by what they were imported from.
SELECT 'site', practice_id, source_identifier, site_id
FROM manent.site WHERE practice_id = ANY($1::uuid[]) AND source_identifier IS NOT NULL
UNION ALL
SELECT 'agenda', practice_id, source_identifier, agenda_id
FROM manent.agenda WHERE practice_id = ANY($1::uuid[]) AND source_identifier IS NOT NULL
UNION ALL
SELECT 'motive', practice_id, source_identifier, motive_id
FROM manent.motive WHERE practice_id = ANY($1::uuid[]) AND source_identifier IS NOT NULL
