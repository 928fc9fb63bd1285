-- A batch of access events. Sent again after a lost connection, they are the same events.
INSERT INTO manent.access_event (practice_id, event_id, patient_id, at, actor, action, what, what_id, request_id)
SELECT practice_id, event_id, patient_id, at, actor, action, what, nullif(what_id, '')::uuid, request_id
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::uuid[], $6::text[], $7::text[], $8::text[],
            $9::text[])
    AS e (practice_id, event_id, patient_id, at, actor, action, what, what_id, request_id)
ON CONFLICT DO NOTHING
