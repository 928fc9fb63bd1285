-- Tells the readers of changes to read this practice's part of the directory again.
INSERT INTO manent.outbox (practice_id, kind) VALUES ($1, 'directory')
