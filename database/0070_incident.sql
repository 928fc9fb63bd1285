-- Broken promises: what was noticed, of whom, since when and until when; and who runs this installation and is told.

-- Who runs the installation. Appointed from its command line only.
CREATE TABLE manent.operator (
    person_id uuid PRIMARY KEY REFERENCES manent.person,
    appointed_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT ON manent.operator TO manent_identity;

-- Whether the announced session is an operator's, second factor passed.
CREATE FUNCTION manent.is_operator() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = manent, pg_temp AS $$
BEGIN
    RETURN EXISTS (SELECT FROM session s JOIN operator o ON o.person_id = s.person_id
                   WHERE s.token_hash = sha256(convert_to(current_setting('manent.session', true), 'UTF8'))
                     AND s.revoked_at IS NULL AND s.locked_at IS NULL AND s.expires_at > now()
                     AND s.second_factor_at IS NOT NULL);
END $$;

-- Where letters to the operators go. Definer's rights: nobody but identity reads addresses.
CREATE FUNCTION manent.operators() RETURNS TABLE (email text, language text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = manent, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT c.email, p.language FROM operator o
        JOIN credential c ON c.person_id = o.person_id JOIN person p ON p.person_id = o.person_id
        ORDER BY o.appointed_at;
END $$;
REVOKE EXECUTE ON FUNCTION manent.operators FROM PUBLIC;

-- A broken promise. What is known of it, and that it ended, are events: nothing here is ever changed.
CREATE TABLE manent.incident (
    incident_id uuid PRIMARY KEY,
    promise text NOT NULL CHECK (promise IN ('I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I9')),
    practice_id uuid REFERENCES manent.practice, -- NULL: the whole installation
    detector text NOT NULL CHECK (detector IN ('device_report', 'standby', 'access_trail', 'verify')),
    began_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX incident_place ON manent.incident (practice_id, promise, detector);

CREATE TABLE manent.incident_event (
    incident_id uuid NOT NULL REFERENCES manent.incident,
    event_id uuid NOT NULL,
    practice_id uuid,
    what text NOT NULL CHECK (what IN ('evidence', 'ended', 'beginning_told', 'end_told')),
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor uuid,                              -- the account that gave this evidence or ended it; NULL: the program
    evidence jsonb NOT NULL DEFAULT '{}',    -- identifiers and figures, never a patient's data
    revisions uuid[] NOT NULL DEFAULT '{}',  -- that it names
    PRIMARY KEY (incident_id, event_id)
);
CREATE UNIQUE INDEX incident_event_once ON manent.incident_event (incident_id, what) WHERE what <> 'evidence';

SELECT manent.only_grows('manent.incident'), manent.only_grows('manent.incident_event');

-- The program's detectors write, its users read: operators everything, a practice's members what concerns it.
ALTER TABLE manent.incident ENABLE ROW LEVEL SECURITY;
ALTER TABLE manent.incident FORCE ROW LEVEL SECURITY;
ALTER TABLE manent.incident_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE manent.incident_event FORCE ROW LEVEL SECURITY;
CREATE POLICY of_incident ON manent.incident TO manent_incident USING (true) WITH CHECK (true);
CREATE POLICY of_incident ON manent.incident_event TO manent_incident USING (true) WITH CHECK (true);
CREATE POLICY of_operator ON manent.incident FOR SELECT TO manent_app USING ((SELECT manent.is_operator()));
CREATE POLICY of_operator ON manent.incident_event FOR SELECT TO manent_app USING ((SELECT manent.is_operator()));
CREATE POLICY of_practice ON manent.incident FOR SELECT TO manent_app
    USING ((SELECT manent.current_practice()) IS NOT NULL
           AND (practice_id IS NULL OR practice_id = (SELECT manent.current_practice())));
CREATE POLICY of_practice ON manent.incident_event FOR SELECT TO manent_app
    USING ((SELECT manent.current_practice()) IS NOT NULL
           AND (practice_id IS NULL OR practice_id = (SELECT manent.current_practice())));

GRANT USAGE ON SCHEMA manent TO manent_incident;
GRANT SELECT, INSERT ON manent.incident, manent.incident_event TO manent_incident;
GRANT SELECT ON manent.incident, manent.incident_event TO manent_app;
GRANT INSERT ON manent.mail TO manent_incident;
GRANT EXECUTE ON FUNCTION manent.operators TO manent_incident;

-- An incident with what has become of it. The caller's rights and row security apply.
CREATE VIEW manent.incident_state WITH (security_invoker = true) AS
SELECT i.incident_id, i.promise, i.practice_id, i.detector, i.began_at, i.recorded_at, ended.at AS ended_at
FROM manent.incident i
LEFT JOIN manent.incident_event ended ON ended.incident_id = i.incident_id AND ended.what = 'ended';
GRANT SELECT ON manent.incident_state TO manent_incident, manent_app;

-- Adds what was noticed to the open incident of that promise, practice and detector, and opens one when there is none.
-- Evidence that names no revision that was not named before says nothing new and is not written; and of one account no
-- more than ten pieces, of all no more than fifty, so that nobody fills the disk or drowns what others have to say.
CREATE FUNCTION manent.note_incident(in_incident uuid, in_event uuid, in_promise text, in_practice uuid,
    in_detector text, in_began_at timestamptz, in_actor uuid, in_evidence jsonb, in_revisions uuid[])
RETURNS TABLE (incident_id uuid, opened boolean)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    found_id uuid;
    says_more boolean;
BEGIN
    -- One at a time for one place, so that two who notice at once open one incident.
    PERFORM pg_advisory_xact_lock(
        hashtextextended(concat_ws('/', in_promise, coalesce(in_practice::text, ''), in_detector), 7046291));
    SELECT s.incident_id INTO found_id FROM manent.incident_state s
        WHERE s.promise = in_promise AND s.practice_id IS NOT DISTINCT FROM in_practice AND s.detector = in_detector
          AND s.ended_at IS NULL;
    IF found_id IS NOT NULL THEN
        SELECT NOT in_revisions <@ coalesce(array_agg(named.id), '{}') INTO says_more
            FROM manent.incident_event e CROSS JOIN LATERAL unnest(e.revisions) AS named (id)
            WHERE e.incident_id = found_id;
        SELECT says_more AND count(*) < 50 AND count(*) FILTER (WHERE e.actor = in_actor) < 10 INTO says_more
            FROM manent.incident_event e WHERE e.incident_id = found_id AND e.what = 'evidence';
    ELSE
        INSERT INTO manent.incident (incident_id, promise, practice_id, detector, began_at)
            VALUES (in_incident, in_promise, in_practice, in_detector, in_began_at);
        says_more := true;
    END IF;
    IF says_more THEN
        INSERT INTO manent.incident_event (incident_id, event_id, practice_id, what, actor, evidence, revisions)
            VALUES (coalesce(found_id, in_incident), in_event, in_practice, 'evidence', in_actor, in_evidence,
                    in_revisions);
    END IF;
    RETURN QUERY SELECT coalesce(found_id, in_incident), found_id IS NULL;
END $$;
REVOKE EXECUTE ON FUNCTION manent.note_incident FROM PUBLIC;
GRANT EXECUTE ON FUNCTION manent.note_incident TO manent_incident;
