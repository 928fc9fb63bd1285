-- The acts of a practice's staff. They run with the caller's own rights, under row security of the announced practice;
-- they are functions because each either happens whole or not at all, and what it answers depends on what it finds.

-- Nothing without an address, or where `in_mail` is NULL.
CREATE FUNCTION manent.mail_to_patient(in_practice uuid, in_patient uuid, in_mail uuid, in_subject text, in_body text,
                                       in_calendar text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO manent.mail (mail_id, recipient, subject, body, calendar)
        SELECT in_mail, email, in_subject, in_body, in_calendar FROM manent.patient
        WHERE practice_id = in_practice AND patient_id = in_patient AND email <> '' AND in_mail IS NOT NULL;
END $$;

-- Raises the version that bookings are planned with, and tells whoever follows.
CREATE FUNCTION manent.raise_schedule(in_practice uuid, in_agenda uuid) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE raised bigint;
BEGIN
    UPDATE manent.agenda SET schedule_version = schedule_version + 1
        WHERE practice_id = in_practice AND agenda_id = in_agenda RETURNING schedule_version INTO raised;
    IF NOT FOUND THEN PERFORM manent.refuse(404, 'not_found'); END IF;
    INSERT INTO manent.outbox (practice_id, kind, agenda_id) VALUES (in_practice, 'agenda_schedule', in_agenda);
    RETURN raised;
END $$;

-- Staff book for a patient. The account that the patient has on the platform sees it too.
CREATE FUNCTION manent.book_in_practice(in_key uuid, in_request_hash bytea, in_appointment uuid, in_practice uuid,
    in_agenda uuid, in_motive uuid, in_patient uuid, in_lane int, in_starts timestamptz, in_ends timestamptz,
    in_note_sealed bytea, in_mail uuid, in_subject text, in_body text, in_calendar text)
RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE answered jsonb;
BEGIN
    answered := manent.remember(in_key, in_request_hash, jsonb_build_object('appointment_id', in_appointment));
    IF answered IS NOT NULL THEN RETURN answered->>'appointment_id'; END IF;
    PERFORM manent.drop_expired_holds(in_practice, in_agenda, in_starts, in_ends);
    INSERT INTO manent.appointment (practice_id, appointment_id, agenda_id, motive_id, patient_id, person_id, booked_by,
                                    booked_by_staff, new_patient, lane, starts_at, ends_at, state, note_sealed)
        VALUES (in_practice, in_appointment, in_agenda, in_motive, in_patient,
                (SELECT person_id FROM manent.person_link WHERE practice_id = in_practice AND patient_id = in_patient
                 ORDER BY linked_at LIMIT 1),
                manent.current_person(), true,
                NOT EXISTS (SELECT 1 FROM manent.appointment
                            WHERE practice_id = in_practice AND patient_id = in_patient AND state <> 'cancelled'),
                in_lane, in_starts, in_ends, 'booked', in_note_sealed)
        ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN PERFORM manent.refuse(409, 'overlaps'); END IF;
    PERFORM manent.note_change(in_practice, in_appointment, 'booked');
    PERFORM manent.mail_to_patient(in_practice, in_patient, in_mail, in_subject, in_body, in_calendar);
    PERFORM manent.hint_day(in_practice, in_agenda, in_starts);
    RETURN in_appointment;
END $$;

-- The practice's appointment, locked, as it must still be for the change to make sense.
CREATE FUNCTION manent.practice_appointment(in_practice uuid, in_appointment uuid, in_version int)
RETURNS manent.appointment LANGUAGE plpgsql AS $$
DECLARE found_one manent.appointment;
BEGIN
    SELECT * INTO found_one FROM manent.appointment
        WHERE practice_id = in_practice AND appointment_id = in_appointment AND state <> 'held' FOR UPDATE;
    IF NOT FOUND THEN PERFORM manent.refuse(404, 'not_found'); END IF;
    IF found_one.version <> in_version THEN
        PERFORM manent.refuse(409, 'stale', jsonb_build_object('version', found_one.version)::text);
    END IF;
    RETURN found_one;
END $$;

CREATE FUNCTION manent.move_in_practice(in_key uuid, in_request_hash bytea, in_practice uuid, in_appointment uuid,
    in_version int, in_agenda uuid, in_lane int, in_starts timestamptz, in_ends timestamptz,
    in_mail uuid, in_subject text, in_body text, in_calendar text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE before manent.appointment;
BEGIN
    IF manent.remember(in_key, in_request_hash, jsonb_build_object('appointment_id', in_appointment)) IS NOT NULL
    THEN RETURN; END IF;
    before := manent.practice_appointment(in_practice, in_appointment, in_version);
    PERFORM manent.drop_expired_holds(in_practice, in_agenda, in_starts, in_ends);
    UPDATE manent.appointment
        SET agenda_id = in_agenda, lane = in_lane, starts_at = in_starts, ends_at = in_ends, version = version + 1
        WHERE practice_id = in_practice AND appointment_id = in_appointment;
    PERFORM manent.bring_down(in_practice, before.agenda_id, before.lane, before.starts_at, before.ends_at);
    PERFORM manent.note_change(in_practice, in_appointment, 'moved');
    PERFORM manent.mail_to_patient(in_practice, before.patient_id, in_mail, in_subject, in_body, in_calendar);
    PERFORM manent.hint_day(in_practice, before.agenda_id, before.starts_at);
    PERFORM manent.hint_day(in_practice, in_agenda, in_starts);
END $$;

-- `in_lane` counts where a cancelled appointment comes back.
CREATE FUNCTION manent.set_state(in_key uuid, in_request_hash bytea, in_practice uuid, in_appointment uuid,
    in_version int, in_state text, in_lane int, in_mail uuid, in_subject text, in_body text, in_calendar text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE before manent.appointment;
BEGIN
    IF manent.remember(in_key, in_request_hash, jsonb_build_object('appointment_id', in_appointment)) IS NOT NULL
    THEN RETURN; END IF;
    before := manent.practice_appointment(in_practice, in_appointment, in_version);
    IF before.state = 'cancelled' THEN
        PERFORM manent.drop_expired_holds(in_practice, before.agenda_id, before.starts_at, before.ends_at);
    END IF;
    UPDATE manent.appointment SET state = in_state, lane = coalesce(in_lane, lane), version = version + 1
        WHERE practice_id = in_practice AND appointment_id = in_appointment;
    IF in_state = 'cancelled' THEN
        PERFORM manent.bring_down(in_practice, before.agenda_id, before.lane, before.starts_at, before.ends_at);
    END IF;
    PERFORM manent.note_change(in_practice, in_appointment, 'state');
    PERFORM manent.mail_to_patient(in_practice, before.patient_id, in_mail, in_subject, in_body, in_calendar);
    PERFORM manent.hint_day(in_practice, before.agenda_id, before.starts_at);
END $$;

-- Closes time. What is booked in it stays booked: the program lists it, to be moved.
CREATE FUNCTION manent.add_absence(in_key uuid, in_request_hash bytea, in_absence uuid, in_practice uuid, in_agenda uuid,
                                   in_starts timestamptz, in_ends timestamptz, in_reason text)
RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE answered jsonb;
BEGIN
    answered := manent.remember(in_key, in_request_hash, jsonb_build_object('absence_id', in_absence));
    IF answered IS NOT NULL THEN RETURN answered->>'absence_id'; END IF;
    PERFORM manent.raise_schedule(in_practice, in_agenda);
    INSERT INTO manent.absence (practice_id, absence_id, agenda_id, starts_at, ends_at, reason, created_by)
        VALUES (in_practice, in_absence, in_agenda, in_starts, in_ends, in_reason, manent.current_person());
    RETURN in_absence;
END $$;

CREATE FUNCTION manent.remove_absence(in_practice uuid, in_absence uuid) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE of_agenda uuid;
BEGIN
    UPDATE manent.absence SET removed_at = clock_timestamp()
        WHERE practice_id = in_practice AND absence_id = in_absence AND removed_at IS NULL
        RETURNING agenda_id INTO of_agenda;
    IF NOT FOUND THEN PERFORM manent.refuse(404, 'not_found'); END IF;
    PERFORM manent.raise_schedule(in_practice, of_agenda);
END $$;

-- Puts a whole set of openings in the place of another, if that is still the one the editor saw.
CREATE FUNCTION manent.replace_openings(in_practice uuid, in_agenda uuid, in_version bigint, in_items jsonb)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE raised bigint := manent.raise_schedule(in_practice, in_agenda);
BEGIN
    IF raised <> in_version + 1 THEN
        PERFORM manent.refuse(409, 'stale', jsonb_build_object('version', raised - 1)::text);
    END IF;
    DELETE FROM manent.opening WHERE practice_id = in_practice AND agenda_id = in_agenda;
    INSERT INTO manent.opening (practice_id, opening_id, agenda_id, weekday, on_date, starts_minute, ends_minute,
                                valid_from, valid_until, audience, capacity, step_min, prefers_neighbours)
        SELECT in_practice, i.opening_id, in_agenda, i.weekday, i.on_date, i.starts_minute, i.ends_minute, i.valid_from,
               i.valid_until, i.audience, i.capacity, i.step_min, i.prefers_neighbours
        FROM jsonb_to_recordset(in_items) AS i (opening_id uuid, weekday smallint, on_date date, starts_minute smallint,
            ends_minute smallint, valid_from date, valid_until date, audience text, capacity smallint,
            step_min smallint, prefers_neighbours boolean);
    INSERT INTO manent.opening_motive (practice_id, opening_id, motive_id)
        SELECT in_practice, (item->>'opening_id')::uuid, motive::uuid
        FROM jsonb_array_elements(in_items) AS item, jsonb_array_elements_text(item->'motive_ids') AS motive;
    RETURN raised;
END $$;

-- Writes a motive and the agendas that offer it. Bookings planned with the old one plan again.
CREATE FUNCTION manent.save_motive(in_practice uuid, in_motive uuid, in_is_new boolean, in_agendas uuid[],
    in_label text, in_duration_min int, in_modality text, in_admits text, in_earliest_min int, in_latest_days int,
    in_cancel_min int, in_repeatable boolean, in_tint int, in_sign text, in_instructions text, in_is_public boolean)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE changed uuid;
BEGIN
    IF in_is_new THEN
        INSERT INTO manent.motive (practice_id, motive_id, label, duration_min)
            VALUES (in_practice, in_motive, in_label, in_duration_min);
    END IF;
    UPDATE manent.motive
        SET label = in_label, duration_min = in_duration_min, modality = in_modality, admits = in_admits,
            earliest_min = in_earliest_min, latest_days = in_latest_days, cancel_min = in_cancel_min,
            repeatable = in_repeatable, tint = in_tint, sign = in_sign, instructions = in_instructions,
            is_public = in_is_public
        WHERE practice_id = in_practice AND motive_id = in_motive AND active;
    IF NOT FOUND THEN PERFORM manent.refuse(404, 'not_found'); END IF;
    -- In one order, so that two editors never wait for each other.
    FOR changed IN
        SELECT agenda_id FROM manent.agenda_motive WHERE practice_id = in_practice AND motive_id = in_motive
        UNION SELECT unnest(in_agendas) ORDER BY 1
    LOOP
        PERFORM manent.raise_schedule(in_practice, changed);
    END LOOP;
    DELETE FROM manent.agenda_motive
        WHERE practice_id = in_practice AND motive_id = in_motive AND agenda_id <> ALL (in_agendas);
    INSERT INTO manent.agenda_motive (practice_id, agenda_id, motive_id)
        SELECT in_practice, a, in_motive FROM unnest(in_agendas) AS a ON CONFLICT DO NOTHING;
END $$;

REVOKE EXECUTE ON FUNCTION manent.mail_to_patient, manent.raise_schedule, manent.book_in_practice,
    manent.practice_appointment, manent.move_in_practice, manent.set_state, manent.add_absence, manent.remove_absence,
    manent.replace_openings, manent.save_motive FROM PUBLIC;
GRANT EXECUTE ON FUNCTION manent.mail_to_patient, manent.raise_schedule, manent.book_in_practice,
    manent.practice_appointment, manent.move_in_practice, manent.set_state, manent.add_absence, manent.remove_absence,
    manent.replace_openings, manent.save_motive TO manent_app;
