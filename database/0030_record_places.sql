-- What the record needs beyond its tables: each revision's place in its field, a second opening of an appointment whose
-- consultation was retracted, telephone numbers as digits, and the claim of an idempotency key.

-- Revisions of one field are numbered without gaps, and each says which heads it left. A save reads one row instead of
-- the field's whole past, and `manent verify` recomputes both from the bases.
ALTER TABLE manent.revision
    ADD COLUMN ordinal int NOT NULL CHECK (ordinal > 0),
    ADD COLUMN heads uuid[] NOT NULL CHECK (cardinality(heads) > 0);
DROP INDEX manent.revision_subject;
CREATE UNIQUE INDEX revision_place ON manent.revision (practice_id, subject_id, field, ordinal);

-- An appointment has one consultation that stands. After a retraction it may be opened again: `renewal` counts the
-- retracted ones before, so that two who open it at once still meet in the constraint.
ALTER TABLE manent.consultation
    ADD COLUMN renewal smallint NOT NULL DEFAULT 0,
    DROP CONSTRAINT consultation_practice_id_appointment_id_key;
ALTER TABLE manent.consultation
    ADD CONSTRAINT consultation_of_appointment UNIQUE (practice_id, appointment_id, renewal);

-- A consultation with what became of it. The caller's rights and row security apply, not the view's owner's.
CREATE VIEW manent.consultation_state WITH (security_invoker = true) AS
SELECT c.practice_id, c.consultation_id, c.patient_id, c.appointment_id, c.kind, c.opened_by, c.opened_at,
       c.refiled_from, closed.at AS closed_at, closed.by_person AS closed_by,
       retracted.at AS retracted_at, retracted.by_person AS retracted_by, retracted.reason_sealed,
       retracted.refiled_as,
       coalesce((SELECT btrim(d.title || ' ' || d.given_name || ' ' || d.family_name)
                 FROM manent.appointment a
                 JOIN manent.agenda g ON g.practice_id = a.practice_id AND g.agenda_id = a.agenda_id
                 JOIN manent.practitioner d ON d.practitioner_id = g.practitioner_id
                 WHERE a.practice_id = c.practice_id
                   AND a.appointment_id = coalesce(c.appointment_id,
                       (SELECT o.appointment_id FROM manent.consultation o
                        WHERE o.practice_id = c.practice_id AND o.consultation_id = c.refiled_from))),
                (SELECT btrim(d.title || ' ' || d.given_name || ' ' || d.family_name)
                 FROM manent.membership m JOIN manent.practitioner d ON d.practitioner_id = m.practitioner_id
                 WHERE m.practice_id = c.practice_id AND m.person_id = c.opened_by),
                (SELECT o.given_name || ' ' || o.family_name FROM manent.person o WHERE o.person_id = c.opened_by),
                '') AS practitioner_name
FROM manent.consultation c
LEFT JOIN manent.consultation_event closed
    ON closed.practice_id = c.practice_id AND closed.consultation_id = c.consultation_id AND closed.what = 'closed'
LEFT JOIN manent.consultation_event retracted
    ON retracted.practice_id = c.practice_id AND retracted.consultation_id = c.consultation_id
    AND retracted.what = 'retracted';
GRANT SELECT ON manent.consultation_state TO manent_app;

-- For search by telephone, however it was typed.
ALTER TABLE manent.patient
    ADD COLUMN phone_digits text GENERATED ALWAYS AS (regexp_replace(coalesce(phone, ''), '[^0-9]', '', 'g')) STORED;

-- A patient's identity as one of its states is kept: what people may correct, and nothing derived.
CREATE FUNCTION manent.identity_of(of_patient manent.patient) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT to_jsonb(of_patient) - '{practice_id,patient_id,version,created_at,folded_names,phone_digits,wrapped_key}'::text[]
$$;

-- Takes an idempotency key for this transaction, or refuses with key_known, which undoes the transaction: the caller
-- then answers what the first one answered.
CREATE FUNCTION manent.claim_key(of_person uuid, of_key uuid, of_request bytea, answered jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO manent.idempotency_key (person_id, key, request_hash, answer)
    VALUES (of_person, of_key, of_request, answered) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        PERFORM manent.refuse(409, 'key_known');
    END IF;
END $$;
