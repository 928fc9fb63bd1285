-- What a practice says of itself is corrected on its own screens, and a practitioner hears of an agenda that somebody
-- else opens in their name.
ALTER TABLE manent.practice ADD COLUMN version int NOT NULL DEFAULT 1;
GRANT UPDATE (version) ON manent.practice TO manent_app;

-- Every state that a practice's details had since screens can change them, and who made them so.
CREATE TABLE manent.practice_change (
    practice_id uuid NOT NULL REFERENCES manent.practice,
    version int NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    changed_by uuid,
    details jsonb NOT NULL,
    PRIMARY KEY (practice_id, version)
);
SELECT manent.keep_to_practice('manent.practice_change');
SELECT manent.only_grows('manent.practice_change');
GRANT SELECT, INSERT ON manent.practice_change TO manent_app;

CREATE FUNCTION manent.note_practice(in_practice uuid) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO manent.practice_change (practice_id, version, changed_by, details)
        SELECT practice_id, version, CASE WHEN version > 1 THEN manent.current_person() END,
               jsonb_build_object('name', name, 'phone', phone, 'session_minutes', session_minutes)
        FROM manent.practice WHERE practice_id = in_practice;
END $$;

-- Patients read the name and the telephone on every agenda of the practice.
CREATE FUNCTION manent.change_practice(in_practice uuid, in_version int, in_name text, in_phone text,
    in_session_minutes int)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE present int;
BEGIN
    PERFORM manent.require_administrator(in_practice);
    SELECT version INTO present FROM manent.practice WHERE practice_id = in_practice FOR UPDATE;
    IF present <> in_version THEN
        PERFORM manent.refuse(409, 'stale', jsonb_build_object('version', present)::text);
    END IF;
    IF present = 1 THEN PERFORM manent.note_practice(in_practice); END IF;
    UPDATE manent.practice
        SET name = in_name, phone = in_phone, session_minutes = in_session_minutes, version = version + 1
        WHERE practice_id = in_practice;
    PERFORM manent.note_practice(in_practice);
    INSERT INTO manent.outbox (practice_id, kind, agenda_id)
        SELECT practice_id, 'agenda_schedule', agenda_id FROM manent.agenda WHERE practice_id = in_practice;
END $$;

-- One letter to each account that is this practitioner's in whatever practice, in the account's language, but none to
-- whoever acts. `in_letters` has a subject and a body under each language. Definer's rights: addresses are for identity
-- alone.
CREATE FUNCTION manent.mail_to_practitioner(in_practitioner uuid, in_letters jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = manent, pg_temp AS $$
BEGIN
    INSERT INTO mail (mail_id, recipient, subject, body)
        SELECT gen_random_uuid(), c.email, in_letters->p.language->>'subject', in_letters->p.language->>'body'
        FROM person p JOIN credential c ON c.person_id = p.person_id
        WHERE p.person_id IS DISTINCT FROM manent.current_person()
          AND EXISTS (SELECT 1 FROM membership m WHERE m.person_id = p.person_id AND m.state = 'active'
                      AND m.practitioner_id = in_practitioner);
END $$;

-- An agenda of a practitioner who is in the directory, who is told; or of a room or a device.
DROP FUNCTION manent.open_agenda(uuid, bytea, uuid, uuid, uuid, uuid, text, int);
CREATE FUNCTION manent.open_agenda(in_key uuid, in_request_hash bytea, in_practice uuid, in_agenda uuid, in_site uuid,
    in_practitioner uuid, in_name text, in_tint int, in_letters jsonb)
RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE answered jsonb;
BEGIN
    PERFORM manent.require_administrator(in_practice);
    answered := manent.remember(in_key, in_request_hash, jsonb_build_object('agenda_id', in_agenda));
    IF answered IS NOT NULL THEN RETURN answered->>'agenda_id'; END IF;
    INSERT INTO manent.agenda (practice_id, agenda_id, site_id, practitioner_id, name, tint)
        VALUES (in_practice, in_agenda, in_site, in_practitioner, in_name, in_tint);
    PERFORM manent.raise_schedule(in_practice, in_agenda);
    PERFORM manent.mail_to_practitioner(in_practitioner, in_letters);
    RETURN in_agenda;
END $$;

REVOKE EXECUTE ON FUNCTION manent.note_practice, manent.change_practice, manent.mail_to_practitioner,
    manent.open_agenda FROM PUBLIC;
GRANT EXECUTE ON FUNCTION manent.note_practice, manent.change_practice, manent.mail_to_practitioner,
    manent.open_agenda TO manent_app;
