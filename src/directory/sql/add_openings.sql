-- Openings, many at once; 0 and '' stand for what is absent.
INSERT INTO manent.opening (practice_id, opening_id, agenda_id, weekday, on_date, starts_minute, ends_minute,
                            valid_from, valid_until, audience, capacity, step_min)
SELECT $1, o.opening_id, o.agenda_id, nullif(o.weekday, 0), nullif(o.on_date, '')::date, o.starts_minute,
       o.ends_minute, nullif(o.valid_from, '')::date, nullif(o.valid_until, '')::date, o.audience, o.capacity,
       nullif(o.step_min, 0)
FROM unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::bigint[], $7::bigint[], $8::text[], $9::text[],
            $10::text[], $11::bigint[], $12::bigint[])
     AS o (opening_id, agenda_id, weekday, on_date, starts_minute, ends_minute, valid_from, valid_until, audience,
           capacity, step_min)
