-- One motive of a practice.
INSERT INTO manent.motive (practice_id, motive_id, label, duration_min, modality, admits, earliest_min, latest_days,
                           cancel_min, repeatable, tint, sign, instructions, is_public, source_identifier)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
