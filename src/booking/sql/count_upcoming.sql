-- How many appointments of an agenda are still to come.
SELECT count(*) FROM manent.appointment
WHERE practice_id = $1 AND agenda_id = $2 AND starts_at > now() AND state IN ('booked', 'arrived')
