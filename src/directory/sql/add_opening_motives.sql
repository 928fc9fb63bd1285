-- Which motives openings admit.
INSERT INTO manent.opening_motive (practice_id, opening_id, motive_id)
SELECT $1, o.opening_id, o.motive_id FROM unnest($2::uuid[], $3::uuid[]) AS o (opening_id, motive_id)
