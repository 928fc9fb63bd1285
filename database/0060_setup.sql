-- Setting a practice up from its own screens: sites, agendas and practitioners. Acts of administrators only, which the
-- functions ask for themselves. A practitioner is the directory's, shared between practices: one is added by a function
-- that never writes over another, and changed only from the practice that keeps the entry.
ALTER TABLE manent.site ADD COLUMN version int NOT NULL DEFAULT 1;
ALTER TABLE manent.agenda ADD COLUMN closed_at timestamptz; -- takes no visits any more; what is booked stays
-- What an agenda without a practitioner is found under (SOS Médecins); empty for a room or a device.
ALTER TABLE manent.agenda ADD COLUMN specialties text[] NOT NULL DEFAULT '{}';
ALTER TABLE manent.practitioner ADD COLUMN version int NOT NULL DEFAULT 1;
-- The practice that answers for the entry while it has an open agenda of the practitioner; NULL after an import.
ALTER TABLE manent.practitioner ADD COLUMN kept_by uuid REFERENCES manent.practice;
GRANT UPDATE (closed_at) ON manent.agenda TO manent_app;

-- Every state that a directory entry had since screens can change it, and who made it so.
CREATE TABLE manent.practitioner_change (
    practitioner_id uuid NOT NULL REFERENCES manent.practitioner,
    version int NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    changed_by uuid,
    entry jsonb NOT NULL,
    PRIMARY KEY (practitioner_id, version)
);
SELECT manent.only_grows('manent.practitioner_change');

CREATE FUNCTION manent.require_administrator(in_practice uuid) RETURNS void
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF manent.current_practice() IS DISTINCT FROM in_practice THEN PERFORM manent.refuse(404, 'not_found'); END IF;
    IF NOT EXISTS (SELECT 1 FROM manent.membership m
                   WHERE m.practice_id = in_practice AND m.person_id = manent.current_person() AND m.state = 'active'
                     AND m.role = 'administrator')
    THEN PERFORM manent.refuse(403, 'forbidden'); END IF;
END $$;

CREATE FUNCTION manent.add_site(in_key uuid, in_request_hash bytea, in_practice uuid, in_site uuid, in_name text,
    in_lines text[], in_postal_code text, in_city text, in_insee text, in_latitude double precision,
    in_longitude double precision, in_time_zone text, in_access text, in_phone text)
RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE answered jsonb;
BEGIN
    PERFORM manent.require_administrator(in_practice);
    answered := manent.remember(in_key, in_request_hash, jsonb_build_object('site_id', in_site));
    IF answered IS NOT NULL THEN RETURN answered->>'site_id'; END IF;
    INSERT INTO manent.site (practice_id, site_id, name, lines, postal_code, city, insee, latitude, longitude, time_zone,
                             access, phone)
        VALUES (in_practice, in_site, in_name, in_lines, in_postal_code, in_city, in_insee, in_latitude, in_longitude,
                in_time_zone, in_access, in_phone);
    RETURN in_site;
END $$;

-- Letters and calendars tell the place, and openings stand in its zone: whatever was planned with the old one plans again.
CREATE FUNCTION manent.change_site(in_practice uuid, in_site uuid, in_version int, in_name text, in_lines text[],
    in_postal_code text, in_city text, in_insee text, in_latitude double precision, in_longitude double precision,
    in_time_zone text, in_access text, in_phone text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    present int;
    there uuid;
BEGIN
    PERFORM manent.require_administrator(in_practice);
    SELECT version INTO present FROM manent.site WHERE practice_id = in_practice AND site_id = in_site FOR UPDATE;
    IF NOT FOUND THEN PERFORM manent.refuse(404, 'not_found'); END IF;
    IF present <> in_version THEN
        PERFORM manent.refuse(409, 'stale', jsonb_build_object('version', present)::text);
    END IF;
    UPDATE manent.site
        SET name = in_name, lines = in_lines, postal_code = in_postal_code, city = in_city, insee = in_insee,
            latitude = in_latitude, longitude = in_longitude, time_zone = in_time_zone, access = in_access,
            phone = in_phone, version = version + 1
        WHERE practice_id = in_practice AND site_id = in_site;
    FOR there IN SELECT agenda_id FROM manent.agenda
        WHERE practice_id = in_practice AND site_id = in_site ORDER BY agenda_id
    LOOP
        PERFORM manent.raise_schedule(in_practice, there);
    END LOOP;
END $$;

-- An agenda of a practitioner who is in the directory, or of a room or a device.
CREATE FUNCTION manent.open_agenda(in_key uuid, in_request_hash bytea, in_practice uuid, in_agenda uuid, in_site uuid,
    in_practitioner uuid, in_name text, in_tint int)
RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE answered jsonb;
BEGIN
    PERFORM manent.require_administrator(in_practice);
    answered := manent.remember(in_key, in_request_hash, jsonb_build_object('agenda_id', in_agenda));
    IF answered IS NOT NULL THEN RETURN answered->>'agenda_id'; END IF;
    INSERT INTO manent.agenda (practice_id, agenda_id, site_id, practitioner_id, name, tint)
        VALUES (in_practice, in_agenda, in_site, in_practitioner, in_name, in_tint);
    PERFORM manent.raise_schedule(in_practice, in_agenda);
    RETURN in_agenda;
END $$;

CREATE FUNCTION manent.change_agenda(in_practice uuid, in_agenda uuid, in_name text, in_tint int, in_closed boolean)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM manent.require_administrator(in_practice);
    PERFORM manent.raise_schedule(in_practice, in_agenda);
    UPDATE manent.agenda
        SET name = in_name, tint = in_tint,
            closed_at = CASE WHEN in_closed THEN coalesce(closed_at, clock_timestamp()) END
        WHERE practice_id = in_practice AND agenda_id = in_agenda;
END $$;

CREATE FUNCTION manent.note_entry(in_practitioner uuid) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO manent.practitioner_change (practitioner_id, version, changed_by, entry)
        SELECT practitioner_id, version, manent.current_person(), to_jsonb(p)
        FROM manent.practitioner p WHERE practitioner_id = in_practitioner;
END $$;

-- Adds a practitioner to the directory and opens their agenda. A number that is known already is refused with whose it
-- is: that practitioner is to be linked to, not written twice.
CREATE FUNCTION manent.add_practitioner(in_key uuid, in_request_hash bytea, in_practice uuid, in_practitioner uuid,
    in_number text, in_title text, in_given_name text, in_family_name text, in_folded_name text, in_specialties text[],
    in_sector text, in_languages text[], in_agenda uuid, in_site uuid, in_name text, in_tint int,
    OUT opened uuid, OUT whose uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = manent, pg_temp AS $$
DECLARE
    answered jsonb;
    known practitioner;
BEGIN
    PERFORM manent.require_administrator(in_practice);
    answered := manent.remember(in_key, in_request_hash,
        jsonb_build_object('agenda_id', in_agenda, 'practitioner_id', in_practitioner));
    opened := coalesce(answered->>'agenda_id', in_agenda::text);
    whose := coalesce(answered->>'practitioner_id', in_practitioner::text);
    IF answered IS NOT NULL THEN RETURN; END IF;
    INSERT INTO practitioner (practitioner_id, national_number, title, given_name, family_name, folded_name, specialty,
                              specialties, sector, languages, kept_by)
        VALUES (in_practitioner, in_number, in_title, in_given_name, in_family_name, in_folded_name, in_specialties[1],
                in_specialties, in_sector, in_languages, in_practice)
        ON CONFLICT (national_number) DO NOTHING;
    IF NOT FOUND THEN
        SELECT * INTO known FROM practitioner WHERE national_number = in_number;
        PERFORM manent.refuse(409, 'number_known', jsonb_build_object('practitioner_id', known.practitioner_id,
            'name', concat_ws(' ', nullif(known.title, ''), known.given_name, known.family_name),
            'specialty', known.specialty)::text);
    END IF;
    PERFORM manent.note_entry(in_practitioner);
    INSERT INTO agenda (practice_id, agenda_id, site_id, practitioner_id, name, tint)
        VALUES (in_practice, in_agenda, in_site, in_practitioner, in_name, in_tint);
    PERFORM manent.raise_schedule(in_practice, in_agenda);
END $$;

-- The practices that answer for a directory entry: the one that keeps it while it has an open agenda of the
-- practitioner, otherwise every practice that has one.
CREATE FUNCTION manent.keepers(in_practitioner uuid) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = manent, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT DISTINCT a.practice_id
        FROM agenda a JOIN practitioner p ON p.practitioner_id = a.practitioner_id
        WHERE a.practitioner_id = in_practitioner AND a.closed_at IS NULL
          AND (a.practice_id = p.kept_by
               OR NOT EXISTS (SELECT 1 FROM agenda k WHERE k.practice_id = p.kept_by AND k.closed_at IS NULL
                              AND k.practitioner_id = in_practitioner));
END $$;

-- Whether the one asking answers for an entry: administrates each practice that keeps it, or is the practitioner there.
CREATE FUNCTION manent.may_change_entry(in_practitioner uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = manent, pg_temp AS $$
DECLARE asking uuid := manent.current_person();
BEGIN
    RETURN EXISTS (SELECT 1 FROM manent.keepers(in_practitioner))
        AND NOT EXISTS (SELECT 1 FROM manent.keepers(in_practitioner) AS k (practice_id)
                        WHERE NOT EXISTS (SELECT 1 FROM membership m
                            WHERE m.practice_id = k.practice_id AND m.person_id = asking AND m.state = 'active'
                              AND (m.role = 'administrator' OR m.practitioner_id = in_practitioner)));
END $$;

-- The number of somebody who has one stays: it says who they are.
CREATE FUNCTION manent.change_practitioner(in_practice uuid, in_practitioner uuid, in_version int, in_number text,
    in_title text, in_given_name text, in_family_name text, in_folded_name text, in_specialties text[], in_sector text,
    in_languages text[], in_presentation text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = manent, pg_temp AS $$
DECLARE before practitioner;
BEGIN
    IF manent.current_practice() IS DISTINCT FROM in_practice
       OR NOT EXISTS (SELECT 1 FROM agenda WHERE practice_id = in_practice AND practitioner_id = in_practitioner)
    THEN PERFORM manent.refuse(404, 'not_found'); END IF;
    SELECT * INTO before FROM practitioner WHERE practitioner_id = in_practitioner FOR UPDATE;
    IF NOT manent.may_change_entry(in_practitioner) THEN PERFORM manent.refuse(403, 'kept_elsewhere'); END IF;
    IF before.version <> in_version THEN
        PERFORM manent.refuse(409, 'stale', jsonb_build_object('version', before.version)::text);
    END IF;
    IF before.national_number IS NOT NULL AND before.national_number IS DISTINCT FROM in_number THEN
        PERFORM manent.refuse(409, 'number_stays');
    END IF;
    IF EXISTS (SELECT 1 FROM practitioner WHERE national_number = in_number AND practitioner_id <> in_practitioner) THEN
        PERFORM manent.refuse(409, 'number_known');
    END IF;
    -- What the entry was before screens could change it.
    IF NOT EXISTS (SELECT 1 FROM practitioner_change WHERE practitioner_id = in_practitioner) THEN
        PERFORM manent.note_entry(in_practitioner);
    END IF;
    UPDATE practitioner
        SET national_number = in_number, title = in_title, given_name = in_given_name, family_name = in_family_name,
            folded_name = in_folded_name, specialty = in_specialties[1], specialties = in_specialties,
            sector = in_sector, languages = in_languages, presentation = in_presentation, version = version + 1
        WHERE practitioner_id = in_practitioner;
    PERFORM manent.note_entry(in_practitioner);
    INSERT INTO outbox (practice_id, kind, agenda_id)
        SELECT practice_id, 'agenda_schedule', agenda_id FROM agenda WHERE practitioner_id = in_practitioner;
END $$;

REVOKE EXECUTE ON FUNCTION manent.require_administrator, manent.add_site, manent.change_site, manent.open_agenda,
    manent.change_agenda, manent.note_entry, manent.add_practitioner, manent.keepers, manent.may_change_entry,
    manent.change_practitioner FROM PUBLIC;
GRANT EXECUTE ON FUNCTION manent.require_administrator, manent.add_site, manent.change_site, manent.open_agenda,
    manent.change_agenda, manent.add_practitioner, manent.keepers, manent.may_change_entry, manent.change_practitioner
    TO manent_app;
