-- Taken time that starts within each of some windows, one window a row of the four arrays; told by the window's place.
SELECT w.place::int - 1, a.appointment_id, a.starts_at, a.ends_at, a.lane, a.state, a.hold_expires_at
FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::timestamptz[])
    WITH ORDINALITY AS w (practice_id, agenda_id, from_at, until_at, place)
JOIN manent.appointment a ON a.practice_id = w.practice_id AND a.agenda_id = w.agenda_id
    AND a.starts_at >= w.from_at AND a.starts_at < w.until_at
WHERE a.state <> 'cancelled'
