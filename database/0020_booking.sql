-- All functions are plpgsql, whose statements are planned once a connection: one in SQL would be parsed and planned anew
-- in every transaction, several times what a booking's writing costs.
--
-- The acts of booking that cross scopes: a patient who is no member of a practice books, moves and cancels there, and a
-- hold needs nobody signed in. Each is a function with its definer's rights that does one act and checks for itself who
-- asks; the program plans (which start, which lane), the exclusion constraint decides.
ALTER TABLE manent.opening ADD COLUMN prefers_neighbours boolean NOT NULL DEFAULT false;
CREATE INDEX appointment_held ON manent.appointment (appointment_id) WHERE state = 'held';
CREATE INDEX appointment_of_person ON manent.appointment (person_id, starts_at) WHERE state <> 'held';
CREATE INDEX appointment_by_patient ON manent.appointment (booked_by, starts_at)
    WHERE state <> 'held' AND NOT booked_by_staff;

-- Keeps a write's key and answer. NULL: the first time, go on. Otherwise the answer that was given then; the write must
-- not happen again, and this transaction writes something, so that its commit waits for the standby like the first.
CREATE FUNCTION manent.remember(in_key uuid, in_request_hash bytea, in_answer jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    known record;
    asking uuid := manent.current_person();
BEGIN
    INSERT INTO manent.idempotency_key (person_id, key, request_hash, answer)
        VALUES (asking, in_key, in_request_hash, in_answer) ON CONFLICT DO NOTHING;
    IF FOUND THEN RETURN NULL; END IF;
    SELECT k.request_hash, k.answer INTO known FROM manent.idempotency_key k
        WHERE k.person_id = asking AND k.key = in_key;
    IF NOT FOUND THEN PERFORM manent.refuse(401, 'not_signed_in'); END IF;
    IF known.request_hash <> in_request_hash THEN PERFORM manent.refuse(422, 'key_reused'); END IF;
    PERFORM pg_logical_emit_message(true, 'manent.replay', in_key::text);
    RETURN known.answer;
END $$;

-- A hint to whoever follows: read that day of that agenda again.
CREATE FUNCTION manent.hint_day(in_practice uuid, in_agenda uuid, in_at timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO manent.outbox (practice_id, kind, agenda_id, starts_at)
        VALUES (in_practice, 'agenda_day', in_agenda, in_at);
END $$;

-- Openings and absences cannot change under a booking that was planned with them: refuses one that was planned with
-- others. Must come before the INSERT.
CREATE FUNCTION manent.keep_schedule(in_practice uuid, in_agenda uuid, in_version bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = manent, pg_temp AS $$
DECLARE present bigint;
BEGIN
    SELECT schedule_version INTO present FROM agenda
        WHERE practice_id = in_practice AND agenda_id = in_agenda FOR SHARE;
    IF NOT FOUND THEN PERFORM manent.refuse(404, 'not_found'); END IF;
    IF present <> in_version THEN PERFORM manent.refuse(409, 'schedule_moved'); END IF;
END $$;

-- An index cannot know the time of day, so whoever books first removes the holds in the way that have run out. Those who
-- want one time queue up here: in the exclusion constraint, three at once can wait for each other.
CREATE FUNCTION manent.drop_expired_holds(in_practice uuid, in_agenda uuid, in_from timestamptz, in_until timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = manent, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(in_agenda::text || extract(epoch FROM in_from)::text, 7046291));
    DELETE FROM appointment
    WHERE practice_id = in_practice AND agenda_id = in_agenda AND state = 'held'
      AND hold_expires_at <= clock_timestamp() AND starts_at < in_until AND ends_at > in_from;
END $$;

-- Adds the appointment's present state to its history.
CREATE FUNCTION manent.note_change(in_practice uuid, in_appointment uuid, in_what text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO manent.appointment_change (practice_id, appointment_id, version, changed_by, what, agenda_id, lane,
                                           starts_at, ends_at, state)
        SELECT practice_id, appointment_id, version, manent.current_person(), in_what, agenda_id, lane, starts_at,
               ends_at, state
        FROM manent.appointment WHERE practice_id = in_practice AND appointment_id = in_appointment;
END $$;

-- When time of a lane gets free, appointments above come down into it, so that no patient books under somebody who is
-- still there. One that does not fit stays where it is.
CREATE FUNCTION manent.bring_down(in_practice uuid, in_agenda uuid, in_lane int, in_from timestamptz,
                                  in_until timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE above record;
BEGIN
    FOR above IN
        SELECT a.appointment_id FROM manent.appointment a
        WHERE a.practice_id = in_practice AND a.agenda_id = in_agenda AND a.lane > in_lane
          AND a.state NOT IN ('cancelled', 'held')
          AND a.starts_at > in_from - interval '8 hours' AND a.starts_at < in_until AND a.ends_at > in_from
        ORDER BY a.lane, a.starts_at
    LOOP
        BEGIN
            UPDATE manent.appointment SET lane = in_lane
                WHERE practice_id = in_practice AND appointment_id = above.appointment_id;
        EXCEPTION WHEN exclusion_violation THEN
            NULL; -- there is somebody: it stays above
        END;
    END LOOP;
END $$;

-- Keeps a time while a form is filled. Needs nobody signed in; few at a time for one address and one account.
CREATE FUNCTION manent.hold_time(in_hold uuid, in_practice uuid, in_agenda uuid, in_motive uuid, in_lane int,
    in_starts timestamptz, in_ends timestamptz, in_schedule_version bigint, in_token_hash bytea, in_origin text,
    in_minutes int, in_holds_max int)
RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER SET search_path = manent, pg_temp AS $$
DECLARE
    holder uuid := manent.current_person();
    expires timestamptz := clock_timestamp() + make_interval(mins => in_minutes);
BEGIN
    IF (SELECT count(*) FROM appointment WHERE state = 'held' AND hold_origin = in_origin
            AND hold_expires_at > clock_timestamp()) >= in_holds_max
       OR holder IS NOT NULL AND (SELECT count(*) FROM appointment WHERE state = 'held' AND booked_by = holder
            AND hold_expires_at > clock_timestamp()) >= in_holds_max
    THEN PERFORM manent.refuse(429, 'hold_limit'); END IF;
    PERFORM manent.keep_schedule(in_practice, in_agenda, in_schedule_version);
    PERFORM manent.drop_expired_holds(in_practice, in_agenda, in_starts, in_ends);
    INSERT INTO appointment (practice_id, appointment_id, agenda_id, motive_id, booked_by, lane, starts_at, ends_at,
                             state, hold_token_hash, hold_expires_at, hold_origin)
        VALUES (in_practice, in_hold, in_agenda, in_motive, holder, in_lane, in_starts, in_ends, 'held', in_token_hash,
                expires, in_origin)
        ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN PERFORM manent.refuse(409, 'slot_taken'); END IF;
    PERFORM manent.hint_day(in_practice, in_agenda, in_starts);
    RETURN expires;
END $$;

-- The holder gives a time back. False when there was nothing to give back.
CREATE FUNCTION manent.release_hold(in_hold uuid, in_token_hash bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = manent, pg_temp AS $$
DECLARE gone record;
BEGIN
    DELETE FROM appointment WHERE appointment_id = in_hold AND state = 'held' AND hold_token_hash = in_token_hash
        RETURNING practice_id, agenda_id, starts_at INTO gone;
    IF NOT FOUND THEN RETURN false; END IF;
    PERFORM manent.hint_day(gone.practice_id, gone.agenda_id, gone.starts_at);
    RETURN true;
END $$;

-- Once, and for long enough that a new patient finds the mailed code: from then on, not on top of what was left.
CREATE FUNCTION manent.extend_hold(in_hold uuid, in_token_hash bytea, in_minutes int) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = manent, pg_temp AS $$
DECLARE expires timestamptz;
BEGIN
    UPDATE appointment SET hold_extended = true, hold_expires_at = clock_timestamp() + make_interval(mins => in_minutes)
        WHERE appointment_id = in_hold AND state = 'held' AND hold_token_hash = in_token_hash AND NOT hold_extended
          AND hold_expires_at > clock_timestamp()
        RETURNING hold_expires_at INTO expires;
    IF NOT FOUND THEN PERFORM manent.refuse(409, 'hold_expired'); END IF;
    RETURN expires;
END $$;

-- Whether the person asking may act for that person: themselves, or one whom they hold a mandate for.
CREATE FUNCTION manent.acts_for(in_person uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = manent, pg_temp AS $$
DECLARE asking uuid := manent.current_person();
BEGIN
    RETURN in_person = asking OR EXISTS (
        SELECT 1 FROM mandate WHERE holder_person_id = asking AND person_id = in_person);
END $$;

-- What a booking starts from: whether its key is known already, and the name of the person to book for, NULL for one whom
-- the asker may not act for.
CREATE FUNCTION manent.own_ground(in_key uuid, in_person uuid, OUT request_hash bytea, OUT appointment_id text,
                                  OUT given_name text, OUT family_name text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = manent, pg_temp AS $$
DECLARE asking uuid := manent.current_person();
BEGIN
    SELECT k.request_hash, k.answer->>'appointment_id' INTO request_hash, appointment_id
        FROM idempotency_key k WHERE k.person_id = asking AND k.key = in_key;
    IF in_person <> asking AND NOT manent.acts_for(in_person) THEN RETURN; END IF;
    SELECT p.given_name, p.family_name INTO given_name, family_name FROM person p WHERE p.person_id = in_person;
END $$;

-- The practice's file of a person, made at their first booking there with the key that the program wrapped for it.
CREATE FUNCTION manent.file_of_person(in_practice uuid, in_person uuid, in_new_patient uuid, in_wrapped_key bytea,
                                      in_folded_names text, OUT patient uuid, OUT is_new boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = manent, pg_temp AS $$
BEGIN
    SELECT l.patient_id INTO patient FROM person_link l
        WHERE l.practice_id = in_practice AND l.person_id = in_person;
    is_new := NOT FOUND;
    IF NOT is_new THEN RETURN; END IF;
    patient := in_new_patient;
    INSERT INTO patient (practice_id, patient_id, birth_name, given_names, birth_date, sex, phone, email, folded_names,
                         wrapped_key)
        SELECT in_practice, in_new_patient, p.family_name, p.given_name, p.birth_date, p.sex,
               coalesce(p.phone, (SELECT phone FROM person WHERE person_id = manent.current_person())),
               (SELECT email FROM credential WHERE person_id = manent.current_person()), in_folded_names, in_wrapped_key
        FROM person p WHERE p.person_id = in_person AND p.birth_date IS NOT NULL;
    IF NOT FOUND THEN PERFORM manent.refuse(422, 'identity_incomplete'); END IF;
    INSERT INTO patient_change (practice_id, patient_id, version, changed_by, identity)
        SELECT practice_id, patient_id, version, manent.current_person(),
               to_jsonb(p) - 'wrapped_key' - 'folded_names' - 'practice_id' - 'patient_id' - 'created_at'
        FROM patient p WHERE p.practice_id = in_practice AND p.patient_id = in_new_patient;
    INSERT INTO person_link (practice_id, patient_id, person_id) VALUES (in_practice, in_new_patient, in_person);
END $$;

-- To the account's own address, which only identity may read.
CREATE FUNCTION manent.mail_to_asker(in_mail uuid, in_subject text, in_body text, in_calendar text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = manent, pg_temp AS $$
DECLARE asking uuid := manent.current_person();
BEGIN
    INSERT INTO mail (mail_id, recipient, subject, body, calendar)
        SELECT in_mail, email, in_subject, in_body, in_calendar FROM credential WHERE person_id = asking;
END $$;

-- A patient books. Answers the appointment's id: a repeated request gets the first one's.
CREATE FUNCTION manent.book_as_person(in_key uuid, in_request_hash bytea, in_appointment uuid, in_practice uuid,
    in_agenda uuid, in_motive uuid, in_person uuid, in_lane int, in_starts timestamptz, in_ends timestamptz,
    in_schedule_version bigint, in_hold uuid, in_token_hash bytea, in_note_sealed bytea, in_new_patient uuid,
    in_wrapped_key bytea, in_folded_names text, in_mail uuid, in_subject text, in_body text, in_calendar text)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = manent, pg_temp
AS $$
DECLARE
    answered jsonb;
    other uuid;
    file record;
    asking uuid := manent.current_person();
BEGIN
    IF asking IS NULL THEN PERFORM manent.refuse(401, 'not_signed_in'); END IF;
    IF in_person <> asking AND NOT manent.acts_for(in_person) THEN PERFORM manent.refuse(404, 'not_found'); END IF;
    answered := manent.remember(in_key, in_request_hash, jsonb_build_object('appointment_id', in_appointment));
    IF answered IS NOT NULL THEN RETURN answered->>'appointment_id'; END IF;
    PERFORM manent.keep_schedule(in_practice, in_agenda, in_schedule_version);

    -- One person's bookings queue up, or two requests at once would both find no other appointment.
    PERFORM pg_advisory_xact_lock(hashtextextended(in_person::text, 7046289));
    IF NOT (SELECT repeatable FROM motive WHERE practice_id = in_practice AND motive_id = in_motive) THEN
        SELECT a.appointment_id INTO other FROM appointment a
            WHERE a.person_id = in_person AND a.starts_at > now() AND a.practice_id = in_practice
              AND a.motive_id = in_motive AND a.state = 'booked'
            ORDER BY a.starts_at LIMIT 1;
        IF FOUND THEN
            PERFORM manent.refuse(409, 'already_booked', jsonb_build_object('appointment_id', other)::text);
        END IF;
    END IF;

    SELECT patient, is_new INTO file
        FROM manent.file_of_person(in_practice, in_person, in_new_patient, in_wrapped_key, in_folded_names);
    -- What this person holds at that time makes way for their booking, expired or not; who lacks its token holds nothing.
    IF in_hold IS NOT NULL THEN
        DELETE FROM appointment WHERE practice_id = in_practice AND appointment_id = in_hold AND state = 'held'
            AND hold_token_hash = in_token_hash;
    END IF;
    PERFORM manent.drop_expired_holds(in_practice, in_agenda, in_starts, in_ends);
    INSERT INTO appointment (practice_id, appointment_id, agenda_id, motive_id, patient_id, person_id, booked_by,
                             new_patient, lane, starts_at, ends_at, state, note_sealed)
        VALUES (in_practice, in_appointment, in_agenda, in_motive, file.patient, in_person, asking,
                file.is_new, in_lane, in_starts, in_ends, 'booked', in_note_sealed)
        ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN PERFORM manent.refuse(409, 'slot_taken'); END IF;
    -- Its history, the letter and the hint in one statement: each function of its own costs a tenth of the booking.
    WITH changed AS (
        INSERT INTO appointment_change (practice_id, appointment_id, version, changed_by, what, agenda_id, lane,
                                        starts_at, ends_at, state)
        VALUES (in_practice, in_appointment, 1, asking, 'booked', in_agenda, in_lane, in_starts, in_ends, 'booked')
    ), mailed AS (
        INSERT INTO mail (mail_id, recipient, subject, body, calendar)
        SELECT in_mail, email, in_subject, in_body, in_calendar FROM credential WHERE person_id = asking
    )
    INSERT INTO outbox (practice_id, kind, agenda_id, starts_at)
        VALUES (in_practice, 'agenda_day', in_agenda, in_starts);
    RETURN in_appointment;
END $$;

-- The appointment that the person asking may change, locked, as it must still be for the change to make sense.
CREATE FUNCTION manent.own_appointment(in_practice uuid, in_appointment uuid, in_version int)
RETURNS manent.appointment LANGUAGE plpgsql SECURITY DEFINER SET search_path = manent, pg_temp AS $$
DECLARE found_one appointment;
BEGIN
    SELECT * INTO found_one FROM appointment a
        WHERE a.practice_id = in_practice AND a.appointment_id = in_appointment AND a.state <> 'held'
          AND (a.booked_by = manent.current_person() OR manent.acts_for(a.person_id)) FOR UPDATE;
    IF NOT FOUND THEN PERFORM manent.refuse(404, 'not_found'); END IF;
    IF found_one.version <> in_version THEN
        PERFORM manent.refuse(409, 'stale', jsonb_build_object('version', found_one.version)::text);
    END IF;
    IF found_one.state <> 'booked' THEN PERFORM manent.refuse(409, 'closed'); END IF;
    RETURN found_one;
END $$;

-- Frees one time and takes another in one transaction. A race lost after the check below is an exclusion violation.
CREATE FUNCTION manent.move_as_person(in_key uuid, in_request_hash bytea, in_practice uuid, in_appointment uuid,
    in_version int, in_lane int, in_starts timestamptz, in_ends timestamptz, in_schedule_version bigint,
    in_mail uuid, in_subject text, in_body text, in_calendar text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = manent, pg_temp AS $$
DECLARE before appointment;
BEGIN
    IF manent.remember(in_key, in_request_hash, jsonb_build_object('appointment_id', in_appointment)) IS NOT NULL
    THEN RETURN; END IF;
    before := manent.own_appointment(in_practice, in_appointment, in_version);
    PERFORM manent.keep_schedule(in_practice, before.agenda_id, in_schedule_version);
    PERFORM manent.drop_expired_holds(in_practice, before.agenda_id, in_starts, in_ends);
    UPDATE appointment SET starts_at = in_starts, ends_at = in_ends, lane = in_lane, version = version + 1
        WHERE practice_id = in_practice AND appointment_id = in_appointment;
    PERFORM manent.bring_down(in_practice, before.agenda_id, before.lane, before.starts_at, before.ends_at);
    PERFORM manent.note_change(in_practice, in_appointment, 'moved');
    PERFORM manent.mail_to_asker(in_mail, in_subject, in_body, in_calendar);
    PERFORM manent.hint_day(in_practice, before.agenda_id, before.starts_at);
    PERFORM manent.hint_day(in_practice, before.agenda_id, in_starts);
END $$;

CREATE FUNCTION manent.cancel_as_person(in_key uuid, in_request_hash bytea, in_practice uuid, in_appointment uuid,
    in_version int, in_mail uuid, in_subject text, in_body text, in_calendar text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = manent, pg_temp AS $$
DECLARE before appointment;
BEGIN
    IF manent.remember(in_key, in_request_hash, jsonb_build_object('appointment_id', in_appointment)) IS NOT NULL
    THEN RETURN; END IF;
    before := manent.own_appointment(in_practice, in_appointment, in_version);
    UPDATE appointment SET state = 'cancelled', version = version + 1
        WHERE practice_id = in_practice AND appointment_id = in_appointment;
    PERFORM manent.bring_down(in_practice, before.agenda_id, before.lane, before.starts_at, before.ends_at);
    PERFORM manent.note_change(in_practice, in_appointment, 'state');
    PERFORM manent.mail_to_asker(in_mail, in_subject, in_body, in_calendar);
    PERFORM manent.hint_day(in_practice, before.agenda_id, before.starts_at);
END $$;

-- The appointments of the person asking, of those they act for, and those they booked: all, or the one named. Who is
-- asking is looked up once and the rows by index, where row security would be asked for each row of each table.
CREATE FUNCTION manent.own_appointments(in_appointment uuid) RETURNS TABLE (
    appointment_id uuid, practice_id uuid, agenda_id uuid, motive_id uuid, label text, modality text, instructions text,
    cancel_min int, is_bookable boolean, starts_at timestamptz, ends_at timestamptz, state text, person_id uuid,
    given_name text, family_name text, version int)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = manent, pg_temp AS $$
#variable_conflict use_column
DECLARE
    asking uuid := manent.current_person();
    people uuid[] := ARRAY(SELECT asking UNION SELECT d.person_id FROM mandate d WHERE d.holder_person_id = asking);
BEGIN
    RETURN QUERY
        SELECT a.appointment_id, a.practice_id, a.agenda_id, a.motive_id, m.label, m.modality, m.instructions,
               m.cancel_min, m.is_public AND m.active, a.starts_at, a.ends_at, a.state, a.person_id, p.given_name,
               p.family_name, a.version
        FROM (SELECT b.practice_id, b.appointment_id FROM appointment b
              WHERE b.person_id = ANY (people) AND b.state <> 'held'
              UNION
              SELECT b.practice_id, b.appointment_id FROM appointment b
              WHERE b.booked_by = asking AND NOT b.booked_by_staff AND b.state <> 'held') AS own
        JOIN appointment a ON a.practice_id = own.practice_id AND a.appointment_id = own.appointment_id
        JOIN motive m ON m.practice_id = a.practice_id AND m.motive_id = a.motive_id
        LEFT JOIN person p ON p.person_id = a.person_id
        WHERE in_appointment IS NULL OR own.appointment_id = in_appointment
        ORDER BY a.starts_at;
END $$;

-- Only the program's own role acts; the steps inside the acts are nobody's to call.
REVOKE EXECUTE ON FUNCTION manent.remember, manent.hint_day, manent.keep_schedule, manent.drop_expired_holds,
    manent.note_change, manent.bring_down, manent.hold_time, manent.release_hold, manent.extend_hold, manent.acts_for,
    manent.own_ground, manent.file_of_person, manent.mail_to_asker, manent.book_as_person, manent.own_appointment, manent.move_as_person,
    manent.cancel_as_person, manent.own_appointments FROM PUBLIC;
GRANT EXECUTE ON FUNCTION manent.remember, manent.hint_day, manent.drop_expired_holds, manent.note_change,
    manent.bring_down, manent.hold_time, manent.release_hold, manent.extend_hold, manent.acts_for,
    manent.own_ground, manent.book_as_person, manent.move_as_person, manent.cancel_as_person, manent.own_appointments TO manent_app;
