-- Locks these agendas and says that what can be booked on them changed: bookings planned before plan again.
UPDATE manent.agenda SET schedule_version = schedule_version + 1 WHERE practice_id = $1 AND agenda_id = ANY($2::uuid[])
