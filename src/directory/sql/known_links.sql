-- Which motives these practices' agendas offer already.
SELECT agenda_id, motive_id FROM manent.agenda_motive WHERE practice_id = ANY($1::uuid[])
