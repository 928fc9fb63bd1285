-- A patient books, as 0020 describes it, with its steps inside: each step that was a function of its own asked again who
-- is there, and cost a tenth of the booking. Answers the appointment's id: a repeated request gets the first one's.
CREATE OR REPLACE FUNCTION manent.book_as_person(in_key uuid, in_request_hash bytea, in_appointment uuid,
    in_practice uuid, in_agenda uuid, in_motive uuid, in_person uuid, in_lane int, in_starts timestamptz,
    in_ends timestamptz, in_schedule_version bigint, in_hold uuid, in_token_hash bytea, in_note_sealed bytea,
    in_new_patient uuid, in_wrapped_key bytea, in_folded_names text, in_mail uuid, in_subject text, in_body text,
    in_calendar text)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = manent, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    asking uuid := manent.current_person();
    planned_with bigint;
    may_repeat boolean;
    other uuid;
    file uuid;
    first_time boolean := false;
BEGIN
    IF asking IS NULL THEN PERFORM manent.refuse(401, 'not_signed_in'); END IF;
    IF in_person <> asking AND NOT EXISTS (
        SELECT FROM mandate WHERE holder_person_id = asking AND person_id = in_person)
    THEN PERFORM manent.refuse(404, 'not_found'); END IF;
    INSERT INTO idempotency_key (person_id, key, request_hash, answer)
        VALUES (asking, in_key, in_request_hash, jsonb_build_object('appointment_id', in_appointment))
        ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN manent.remember(in_key, in_request_hash, '{}')->>'appointment_id';
    END IF;

    -- Openings and absences cannot change under a booking that was planned with them.
    SELECT a.schedule_version, m.repeatable INTO planned_with, may_repeat
        FROM agenda a JOIN motive m ON m.practice_id = a.practice_id AND m.motive_id = in_motive
        WHERE a.practice_id = in_practice AND a.agenda_id = in_agenda FOR SHARE OF a;
    IF NOT FOUND THEN PERFORM manent.refuse(404, 'not_found'); END IF;
    IF planned_with <> in_schedule_version THEN PERFORM manent.refuse(409, 'schedule_moved'); END IF;

    -- One person's bookings queue up, or two requests at once would both find no other appointment. Then those who want
    -- one time: in the exclusion constraint, three at once can wait for each other.
    PERFORM pg_advisory_xact_lock(hashtextextended(in_person::text, 7046289));
    IF NOT may_repeat THEN
        SELECT a.appointment_id INTO other FROM appointment a
            WHERE a.person_id = in_person AND a.starts_at > now() AND a.practice_id = in_practice
              AND a.motive_id = in_motive AND a.state = 'booked'
            ORDER BY a.starts_at LIMIT 1;
        IF FOUND THEN
            PERFORM manent.refuse(409, 'already_booked', jsonb_build_object('appointment_id', other)::text);
        END IF;
    END IF;

    SELECT l.patient_id INTO file FROM person_link l WHERE l.practice_id = in_practice AND l.person_id = in_person;
    IF NOT FOUND THEN
        SELECT made.patient, made.is_new INTO file, first_time
            FROM manent.file_of_person(in_practice, in_person, in_new_patient, in_wrapped_key, in_folded_names) made;
    END IF;
    -- What this person holds makes way for their booking, expired or not; who lacks its token holds nothing. So do holds
    -- of others that have run out: an index cannot know the time of day.
    IF in_hold IS NOT NULL THEN
        DELETE FROM appointment WHERE practice_id = in_practice AND appointment_id = in_hold AND state = 'held'
            AND hold_token_hash = in_token_hash;
    END IF;
    PERFORM pg_advisory_xact_lock(
        hashtextextended(in_agenda::text || extract(epoch FROM in_starts)::text, 7046291));
    DELETE FROM appointment
        WHERE practice_id = in_practice AND agenda_id = in_agenda AND state = 'held'
          AND hold_expires_at <= clock_timestamp() AND starts_at < in_ends AND ends_at > in_starts;
    INSERT INTO appointment (practice_id, appointment_id, agenda_id, motive_id, patient_id, person_id, booked_by,
                             new_patient, lane, starts_at, ends_at, state, note_sealed)
        VALUES (in_practice, in_appointment, in_agenda, in_motive, file, in_person, asking, first_time, in_lane,
                in_starts, in_ends, 'booked', in_note_sealed)
        ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN PERFORM manent.refuse(409, 'slot_taken'); END IF;
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
