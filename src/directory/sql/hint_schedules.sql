-- Tells the readers of changes to read these agendas again.
INSERT INTO manent.outbox (practice_id, kind, agenda_id)
SELECT $1, 'agenda_schedule', a.agenda_id FROM unnest($2::uuid[]) AS a (agenda_id)
