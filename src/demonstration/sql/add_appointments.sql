-- Appointments as they stand, each with the entry of its booking and, when it went on, of its present state.
WITH added AS (
    INSERT INTO manent.appointment (practice_id, appointment_id, agenda_id, motive_id, patient_id, person_id, booked_by,
                                    booked_by_staff, new_patient, starts_at, ends_at, state, version, booked_at)
    SELECT a.practice, a.id, a.agenda, a.motive, a.patient, nullif(a.person, '')::uuid, a.booked_by,
           a.by_staff = 't', a.new_patient = 't', a.starts, a.ends, a.state,
           CASE WHEN a.state = 'booked' THEN 1 ELSE 2 END, least(now(), a.starts) - interval '5 days'
    FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::uuid[], $8::text[], $9::text[],
                $10::timestamptz[], $11::timestamptz[], $12::text[])
        AS a(practice, id, agenda, motive, patient, person, booked_by, by_staff, new_patient, starts, ends, state)
    RETURNING *
), booked AS (
    INSERT INTO manent.appointment_change (practice_id, appointment_id, version, changed_at, changed_by, what, agenda_id,
                                           lane, starts_at, ends_at, state)
    SELECT practice_id, appointment_id, 1, booked_at, booked_by, 'booked', agenda_id, lane, starts_at, ends_at, 'booked'
    FROM added
)
INSERT INTO manent.appointment_change (practice_id, appointment_id, version, changed_at, changed_by, what, agenda_id, lane,
                                       starts_at, ends_at, state)
SELECT practice_id, appointment_id, 2, least(now(), starts_at), booked_by, 'state', agenda_id, lane, starts_at, ends_at, state
FROM added WHERE state <> 'booked'
