-- A practice's patients and its booked time. The exclusion constraint decides every race for a time.
CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;

CREATE TABLE manent.patient (
    practice_id uuid NOT NULL REFERENCES manent.practice,
    patient_id uuid NOT NULL,
    birth_name text NOT NULL CHECK (length(birth_name) BETWEEN 1 AND 100),
    used_name text CHECK (length(used_name) <= 100),
    given_names text NOT NULL CHECK (length(given_names) BETWEEN 1 AND 200),
    birth_date date NOT NULL CHECK (birth_date > '1870-01-01'),
    sex text NOT NULL DEFAULT 'unknown' CHECK (sex IN ('female', 'male', 'unknown')),
    birth_place text CHECK (length(birth_place) <= 200),
    phone text CHECK (length(phone) <= 30),
    email text CHECK (length(email) <= 254),
    address_lines text[] NOT NULL DEFAULT '{}',
    postal_code text CHECK (length(postal_code) <= 10),
    city text CHECK (length(city) <= 100),
    folded_names text NOT NULL,              -- fold() of all names, for search
    wrapped_key bytea NOT NULL,              -- this patient's data key, wrapped by the practice's
    version int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (practice_id, patient_id)
);
CREATE INDEX patient_names ON manent.patient (practice_id, folded_names text_pattern_ops);
CREATE INDEX patient_birth ON manent.patient (practice_id, birth_date);
SELECT manent.keep_to_practice('manent.patient');

-- Every state that a patient's identity had: corrections are added, never written over.
CREATE TABLE manent.patient_change (
    practice_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    version int NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    changed_by uuid,
    identity jsonb NOT NULL,
    PRIMARY KEY (practice_id, patient_id, version),
    FOREIGN KEY (practice_id, patient_id) REFERENCES manent.patient
);
SELECT manent.keep_to_practice('manent.patient_change');
SELECT manent.only_grows('manent.patient_change');

-- A person of the platform and the file that one practice keeps of them.
CREATE TABLE manent.person_link (
    practice_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    person_id uuid NOT NULL REFERENCES manent.person,
    linked_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (practice_id, person_id),
    FOREIGN KEY (practice_id, patient_id) REFERENCES manent.patient
);
CREATE INDEX person_link_person ON manent.person_link (person_id);
SELECT manent.keep_to_practice('manent.person_link');
CREATE POLICY own ON manent.person_link FOR SELECT TO manent_app
    USING (person_id = (SELECT manent.current_person()) OR person_id IN (SELECT m.person_id FROM manent.mandate m));

CREATE TABLE manent.practice_key (
    practice_id uuid PRIMARY KEY REFERENCES manent.practice,
    wrapped bytea NOT NULL                   -- sealed by the master key, which is not in this database
);
GRANT SELECT, INSERT ON manent.practice_key TO manent_app;

CREATE TABLE manent.appointment (
    practice_id uuid NOT NULL,
    appointment_id uuid NOT NULL,
    agenda_id uuid NOT NULL,
    motive_id uuid NOT NULL,
    patient_id uuid,                         -- NULL while held
    person_id uuid REFERENCES manent.person, -- for whom, when booked on the platform
    booked_by uuid REFERENCES manent.person, -- the account that booked, patient or staff
    booked_by_staff boolean NOT NULL DEFAULT false,
    new_patient boolean NOT NULL DEFAULT false,
    lane smallint NOT NULL DEFAULT 0 CHECK (lane BETWEEN 0 AND 99),
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    during tstzrange GENERATED ALWAYS AS (tstzrange(starts_at, ends_at)) STORED,
    state text NOT NULL CHECK (state IN ('held', 'booked', 'arrived', 'fulfilled', 'noshow', 'cancelled')),
    hold_token_hash bytea,
    hold_expires_at timestamptz,
    hold_extended boolean NOT NULL DEFAULT false,
    hold_origin text,                        -- a keyed hash of the holder's address, to bound how many it keeps
    note_sealed bytea,                       -- sealed by the practice's key
    version int NOT NULL DEFAULT 1,
    booked_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (practice_id, appointment_id),
    FOREIGN KEY (practice_id, agenda_id) REFERENCES manent.agenda,
    FOREIGN KEY (practice_id, motive_id) REFERENCES manent.motive,
    FOREIGN KEY (practice_id, patient_id) REFERENCES manent.patient,
    -- The longest visit: a query for what overlaps starts this much earlier on starts_at.
    CHECK (ends_at > starts_at AND ends_at <= starts_at + interval '8 hours'),
    CHECK ((state = 'held') = (hold_expires_at IS NOT NULL)),
    CHECK (state = 'held' OR patient_id IS NOT NULL),
    CONSTRAINT one_at_a_time EXCLUDE USING gist
        (practice_id WITH =, agenda_id WITH =, lane WITH =, during WITH &&) WHERE (state <> 'cancelled')
);
CREATE INDEX appointment_start ON manent.appointment (practice_id, agenda_id, starts_at);
CREATE INDEX appointment_patient ON manent.appointment (practice_id, patient_id, starts_at);
CREATE INDEX appointment_hold ON manent.appointment (hold_origin) WHERE state = 'held';
CREATE INDEX appointment_hold_end ON manent.appointment (practice_id, agenda_id, hold_expires_at) WHERE state = 'held';
SELECT manent.keep_to_practice('manent.appointment');
CREATE POLICY own ON manent.appointment FOR SELECT TO manent_app
    USING (booked_by = (SELECT manent.current_person()) OR person_id = (SELECT manent.current_person()));

CREATE TABLE manent.appointment_change (
    practice_id uuid NOT NULL,
    appointment_id uuid NOT NULL,
    version int NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    changed_by uuid,
    what text NOT NULL CHECK (what IN ('booked', 'moved', 'state', 'note')),
    agenda_id uuid NOT NULL,
    lane smallint NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    state text NOT NULL,
    PRIMARY KEY (practice_id, appointment_id, version),
    FOREIGN KEY (practice_id, appointment_id) REFERENCES manent.appointment
);
SELECT manent.keep_to_practice('manent.appointment_change');
SELECT manent.only_grows('manent.appointment_change');

CREATE TABLE manent.absence (
    practice_id uuid NOT NULL,
    absence_id uuid NOT NULL,
    agenda_id uuid NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    reason text NOT NULL DEFAULT '' CHECK (length(reason) <= 200),
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    removed_at timestamptz,
    PRIMARY KEY (practice_id, absence_id),
    FOREIGN KEY (practice_id, agenda_id) REFERENCES manent.agenda,
    CHECK (ends_at > starts_at AND ends_at <= starts_at + interval '400 days')
);
CREATE INDEX absence_agenda ON manent.absence (practice_id, agenda_id, ends_at) WHERE removed_at IS NULL;
SELECT manent.keep_to_practice('manent.absence');

GRANT SELECT, INSERT ON manent.patient, manent.patient_change, manent.person_link, manent.appointment,
    manent.appointment_change, manent.absence TO manent_app;
GRANT UPDATE (birth_name, used_name, given_names, birth_date, sex, birth_place, phone, email, address_lines,
    postal_code, city, folded_names, version) ON manent.patient TO manent_app;
GRANT UPDATE (patient_id, person_id, booked_by, booked_by_staff, new_patient, agenda_id, motive_id, lane, starts_at,
    ends_at, state, hold_token_hash, hold_expires_at, note_sealed, version) ON manent.appointment TO manent_app;
GRANT UPDATE (removed_at) ON manent.absence TO manent_app;

-- The availability index: times and states of every practice, and no column that names a patient.
GRANT SELECT (practice_id, appointment_id, agenda_id, motive_id, lane, starts_at, ends_at, state, hold_expires_at)
    ON manent.appointment TO manent_index;
GRANT SELECT (practice_id, absence_id, agenda_id, starts_at, ends_at, removed_at) ON manent.absence TO manent_index;
CREATE POLICY of_index ON manent.appointment FOR SELECT TO manent_index USING (true);
CREATE POLICY of_index ON manent.absence FOR SELECT TO manent_index USING (true);
