-- Taken time from yesterday on, for the availability index; of all agendas when $1 is NULL. No column names a patient.
SELECT agenda_id, appointment_id, starts_at, ends_at, lane, state, hold_expires_at FROM manent.appointment
WHERE state <> 'cancelled' AND starts_at > now() - interval '2 days' AND ($1::uuid[] IS NULL OR agenda_id = ANY ($1))
