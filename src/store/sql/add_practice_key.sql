-- The first key of a practice; whoever comes second reads the first one's.
INSERT INTO manent.practice_key (practice_id, wrapped) VALUES ($1, $2) ON CONFLICT DO NOTHING
