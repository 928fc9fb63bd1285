-- The public class: what anyone may read in order to find a practitioner. Written in the practice's scope only.
CREATE TABLE manent.practice (
    practice_id uuid PRIMARY KEY,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    phone text CHECK (length(phone) <= 30),
    national_identifier text UNIQUE,         -- SAS form: 1 and FINESS, or 3 and SIRET
    session_minutes int NOT NULL DEFAULT 720 CHECK (session_minutes BETWEEN 5 AND 1440),
    created_at timestamptz NOT NULL DEFAULT now()
);
SELECT manent.show_to_all('manent.practice');

CREATE TABLE manent.membership (
    membership_id uuid PRIMARY KEY,
    practice_id uuid NOT NULL REFERENCES manent.practice,
    person_id uuid NOT NULL REFERENCES manent.person,
    role text NOT NULL CHECK (role IN ('practitioner', 'secretary', 'administrator')),
    practitioner_id uuid,
    state text NOT NULL DEFAULT 'active' CHECK (state IN ('invited', 'active', 'ended')),
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (practice_id, person_id)
);
CREATE INDEX membership_person ON manent.membership (person_id);
GRANT SELECT, INSERT, UPDATE ON manent.membership TO manent_identity;
GRANT SELECT ON manent.membership TO manent_app;
ALTER TABLE manent.membership ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_identity ON manent.membership TO manent_identity USING (true) WITH CHECK (true);
CREATE POLICY of_practice ON manent.membership FOR SELECT TO manent_app
    USING (practice_id = (SELECT manent.current_practice()));
-- Colleagues' names, for who wrote what.
CREATE POLICY of_colleagues ON manent.person FOR SELECT TO manent_app
    USING (person_id IN (SELECT m.person_id FROM manent.membership m));

CREATE TABLE manent.site (
    practice_id uuid NOT NULL REFERENCES manent.practice,
    site_id uuid NOT NULL,
    name text NOT NULL CHECK (length(name) <= 200),
    lines text[] NOT NULL DEFAULT '{}',
    postal_code text NOT NULL DEFAULT '' CHECK (length(postal_code) <= 10),
    city text NOT NULL DEFAULT '' CHECK (length(city) <= 100),
    insee text CHECK (length(insee) <= 5),
    latitude double precision CHECK (latitude BETWEEN -90 AND 90),
    longitude double precision CHECK (longitude BETWEEN -180 AND 180),
    time_zone text NOT NULL DEFAULT 'Europe/Paris',
    access text NOT NULL DEFAULT '' CHECK (length(access) <= 1000),
    phone text CHECK (length(phone) <= 30),
    source_identifier text,                  -- system|value of an import, so that a second import finds it
    PRIMARY KEY (practice_id, site_id),
    UNIQUE (practice_id, source_identifier)
);
SELECT manent.show_to_all('manent.site');

CREATE TABLE manent.practitioner (
    practitioner_id uuid PRIMARY KEY,
    national_number text UNIQUE CHECK (national_number ~ '^[0-9]{9,12}$'), -- SAS form: 8 and RPPS, or 0 and ADELI
    title text NOT NULL DEFAULT '' CHECK (length(title) <= 20),
    given_name text NOT NULL CHECK (length(given_name) <= 100),
    family_name text NOT NULL CHECK (length(family_name) <= 100),
    folded_name text NOT NULL,               -- core/text fold(), for search
    specialty text NOT NULL,                 -- the group shown first, from data/specialties.csv
    specialties text[] NOT NULL,             -- every group it is found under
    specialty_codes text[] NOT NULL DEFAULT '{}',
    sector text CHECK (sector IN ('c1', 'c2', 'c3', 'nc')),
    languages text[] NOT NULL DEFAULT '{fr}',
    presentation text NOT NULL DEFAULT '' CHECK (length(presentation) <= 4000)
);
CREATE INDEX practitioner_name ON manent.practitioner (folded_name text_pattern_ops);
CREATE INDEX practitioner_specialties ON manent.practitioner USING gin (specialties);
ALTER TABLE manent.practitioner ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_everyone ON manent.practitioner FOR SELECT USING (true);

CREATE TABLE manent.agenda (
    practice_id uuid NOT NULL,
    agenda_id uuid NOT NULL,
    site_id uuid NOT NULL,
    practitioner_id uuid REFERENCES manent.practitioner,
    name text NOT NULL CHECK (length(name) <= 200),
    tint smallint NOT NULL DEFAULT 1 CHECK (tint BETWEEN 1 AND 8),
    schedule_version bigint NOT NULL DEFAULT 1, -- raised by each change of openings, absences or motives
    source_identifier text,
    PRIMARY KEY (practice_id, agenda_id),
    UNIQUE (agenda_id),
    UNIQUE (practice_id, source_identifier),
    FOREIGN KEY (practice_id, site_id) REFERENCES manent.site
);
CREATE INDEX agenda_practitioner ON manent.agenda (practitioner_id);
SELECT manent.show_to_all('manent.agenda');

CREATE TABLE manent.motive (
    practice_id uuid NOT NULL REFERENCES manent.practice,
    motive_id uuid NOT NULL,
    label text NOT NULL CHECK (length(label) BETWEEN 1 AND 200),
    duration_min int NOT NULL CHECK (duration_min BETWEEN 5 AND 480),
    modality text NOT NULL DEFAULT 'in_practice' CHECK (modality IN ('in_practice', 'home', 'video')),
    admits text NOT NULL DEFAULT 'both' CHECK (admits IN ('new', 'known', 'both')),
    earliest_min int NOT NULL DEFAULT 60 CHECK (earliest_min BETWEEN 0 AND 525600),
    latest_days int NOT NULL DEFAULT 90 CHECK (latest_days BETWEEN 1 AND 730),
    cancel_min int NOT NULL DEFAULT 1440 CHECK (cancel_min BETWEEN 0 AND 43200),
    repeatable boolean NOT NULL DEFAULT false, -- whether one person may hold two future appointments for it
    tint smallint NOT NULL DEFAULT 1 CHECK (tint BETWEEN 1 AND 8),
    sign text NOT NULL DEFAULT '' CHECK (length(sign) <= 2),
    instructions text NOT NULL DEFAULT '' CHECK (length(instructions) <= 2000),
    is_public boolean NOT NULL DEFAULT true,
    active boolean NOT NULL DEFAULT true,
    source_identifier text,
    PRIMARY KEY (practice_id, motive_id),
    UNIQUE (practice_id, source_identifier)
);
SELECT manent.show_to_all('manent.motive');

CREATE TABLE manent.agenda_motive (
    practice_id uuid NOT NULL,
    agenda_id uuid NOT NULL,
    motive_id uuid NOT NULL,
    PRIMARY KEY (practice_id, agenda_id, motive_id),
    FOREIGN KEY (practice_id, agenda_id) REFERENCES manent.agenda,
    FOREIGN KEY (practice_id, motive_id) REFERENCES manent.motive
);
SELECT manent.show_to_all('manent.agenda_motive');

-- Wall-clock rules in the site's zone: minutes since midnight, 1440 closes the day.
CREATE TABLE manent.opening (
    practice_id uuid NOT NULL,
    opening_id uuid NOT NULL,
    agenda_id uuid NOT NULL,
    weekday smallint CHECK (weekday BETWEEN 1 AND 7), -- ISO 8601, Monday 1
    on_date date,
    starts_minute smallint NOT NULL CHECK (starts_minute BETWEEN 0 AND 1439),
    ends_minute smallint NOT NULL CHECK (ends_minute BETWEEN 1 AND 1440),
    valid_from date,
    valid_until date,
    audience text NOT NULL DEFAULT 'public' CHECK (audience IN ('public', 'professionals', 'regulators')),
    capacity smallint NOT NULL DEFAULT 1 CHECK (capacity BETWEEN 1 AND 20),
    step_min smallint CHECK (step_min BETWEEN 5 AND 240),
    PRIMARY KEY (practice_id, opening_id),
    FOREIGN KEY (practice_id, agenda_id) REFERENCES manent.agenda,
    CHECK (ends_minute > starts_minute),
    CHECK ((weekday IS NULL) <> (on_date IS NULL)),
    CHECK (valid_until >= valid_from)
);
CREATE INDEX opening_agenda ON manent.opening (practice_id, agenda_id);
SELECT manent.show_to_all('manent.opening');

CREATE TABLE manent.opening_motive (
    practice_id uuid NOT NULL,
    opening_id uuid NOT NULL,
    motive_id uuid NOT NULL,
    PRIMARY KEY (practice_id, opening_id, motive_id),
    FOREIGN KEY (practice_id, opening_id) REFERENCES manent.opening ON DELETE CASCADE,
    FOREIGN KEY (practice_id, motive_id) REFERENCES manent.motive
);
SELECT manent.show_to_all('manent.opening_motive');

GRANT SELECT ON manent.practice, manent.site, manent.practitioner, manent.agenda, manent.motive, manent.agenda_motive,
    manent.opening, manent.opening_motive TO manent_app, manent_index, manent_identity;
GRANT INSERT, UPDATE ON manent.site, manent.motive TO manent_app;
GRANT INSERT, DELETE ON manent.agenda_motive, manent.opening, manent.opening_motive TO manent_app;
GRANT UPDATE (name, phone, session_minutes) ON manent.practice TO manent_app;
GRANT INSERT ON manent.agenda TO manent_app;
GRANT UPDATE (name, tint, schedule_version) ON manent.agenda TO manent_app;
