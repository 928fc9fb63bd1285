-- Consultations of the past, closed at the end of their visit.
WITH added AS (
    INSERT INTO manent.consultation (practice_id, consultation_id, patient_id, appointment_id, kind, opened_by, opened_at)
    SELECT c.practice, c.id, c.patient, c.appointment, c.kind, c.person, c.at
    FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::timestamptz[])
        AS c(practice, id, patient, appointment, kind, person, at)
    RETURNING *
)
INSERT INTO manent.consultation_event (practice_id, event_id, consultation_id, what, at, by_person)
SELECT practice_id, consultation_id, consultation_id, 'closed', opened_at + interval '18 minutes', opened_by FROM added
