-- What was noticed, in the open incident of its promise, practice and detector, or in a new one.
SELECT incident_id, opened FROM manent.note_incident($1::uuid, $2::uuid, $3::text, $4::uuid, $5::text, $6::timestamptz,
                                                     $7::uuid, $8::jsonb, $9::uuid[])
