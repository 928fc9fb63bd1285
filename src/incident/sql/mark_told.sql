-- The operators are told of a beginning or an end; a second time is refused, and the letters with it.
INSERT INTO manent.incident_event (incident_id, event_id, practice_id, what)
SELECT i.incident_id, $2::uuid, i.practice_id, $3::text FROM manent.incident i WHERE i.incident_id = $1::uuid
