-- What became of a consultation, with the revisions that the act had seen.
INSERT INTO manent.consultation_event (practice_id, event_id, consultation_id, what, at, by_person, heads,
    reason_sealed, refiled_as)
VALUES ($1, $2, $3, $4, coalesce($5::timestamptz, clock_timestamp()), $6, $7, $8, $9)
