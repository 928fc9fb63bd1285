-- Which motives can be booked on which agendas.
INSERT INTO manent.agenda_motive (practice_id, agenda_id, motive_id)
SELECT $1, l.agenda_id, l.motive_id FROM unnest($2::uuid[], $3::uuid[]) AS l (agenda_id, motive_id)
