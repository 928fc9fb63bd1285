-- What was written of patients: only ever added to. Text is sealed by the program before it comes here.
CREATE TABLE manent.consultation (
    practice_id uuid NOT NULL,
    consultation_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    appointment_id uuid,
    kind text NOT NULL CHECK (kind IN ('in_practice', 'home', 'video', 'phone', 'result')),
    opened_by uuid NOT NULL REFERENCES manent.person,
    opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    refiled_from uuid,                       -- the retracted consultation whose text was filed here
    PRIMARY KEY (practice_id, consultation_id),
    UNIQUE (practice_id, appointment_id),
    FOREIGN KEY (practice_id, patient_id) REFERENCES manent.patient,
    FOREIGN KEY (practice_id, appointment_id) REFERENCES manent.appointment
);
CREATE INDEX consultation_patient ON manent.consultation (practice_id, patient_id, opened_at);
SELECT manent.keep_to_practice('manent.consultation');
SELECT manent.only_grows('manent.consultation');

CREATE TABLE manent.consultation_event (
    practice_id uuid NOT NULL,
    event_id uuid NOT NULL,
    consultation_id uuid NOT NULL,
    what text NOT NULL CHECK (what IN ('closed', 'retracted')),
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    by_person uuid NOT NULL REFERENCES manent.person,
    heads jsonb NOT NULL DEFAULT '{}',       -- the revisions that the act had seen, by field
    reason_sealed bytea,
    refiled_as uuid,
    PRIMARY KEY (practice_id, event_id),
    UNIQUE (practice_id, consultation_id, what),
    FOREIGN KEY (practice_id, consultation_id) REFERENCES manent.consultation
);
SELECT manent.keep_to_practice('manent.consultation_event');
SELECT manent.only_grows('manent.consultation_event');

-- One immutable state of one field of one subject. Its bases are named by id and digest, without a foreign key: a
-- restored server may not know them. A field's heads are the revisions that no other names as a base.
CREATE TABLE manent.revision (
    practice_id uuid NOT NULL,
    revision_id uuid NOT NULL,
    subject_kind text NOT NULL CHECK (subject_kind IN ('consultation', 'patient')),
    subject_id uuid NOT NULL,
    field text NOT NULL CHECK (field IN ('motif', 'interrogatoire', 'examen', 'conclusion',
                                         'allergies', 'antecedents', 'treatments')),
    base_ids uuid[] NOT NULL DEFAULT '{}',
    base_digests bytea[] NOT NULL DEFAULT '{}',
    author uuid NOT NULL REFERENCES manent.person,
    device_id uuid NOT NULL,
    typed_at timestamptz NOT NULL,           -- the device's clock, kept as evidence, trusted for nothing
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    sealed bytea NOT NULL,
    salt bytea NOT NULL CHECK (length(salt) = 16),
    digest bytea NOT NULL CHECK (length(digest) = 32),
    addendum boolean NOT NULL DEFAULT false,
    PRIMARY KEY (practice_id, revision_id),
    CHECK (cardinality(base_ids) = cardinality(base_digests) AND cardinality(base_ids) <= 16),
    CHECK ((subject_kind = 'consultation') = (field IN ('motif', 'interrogatoire', 'examen', 'conclusion')))
);
CREATE INDEX revision_subject ON manent.revision (practice_id, subject_id, field, recorded_at);
SELECT manent.keep_to_practice('manent.revision');
SELECT manent.only_grows('manent.revision');

GRANT SELECT, INSERT ON manent.consultation, manent.consultation_event, manent.revision TO manent_app;

-- Who read or wrote what of whom.
CREATE TABLE manent.access_event (
    practice_id uuid NOT NULL,
    event_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    at timestamptz NOT NULL,
    actor uuid NOT NULL,
    action text NOT NULL CHECK (action IN ('read', 'write')),
    what text NOT NULL CHECK (what IN ('patient', 'record', 'consultation', 'appointment', 'search')),
    what_id uuid,
    request_id text NOT NULL,
    PRIMARY KEY (practice_id, event_id)
);
CREATE INDEX access_event_patient ON manent.access_event (practice_id, patient_id, at);
SELECT manent.keep_to_practice('manent.access_event');
SELECT manent.only_grows('manent.access_event');
CREATE POLICY own ON manent.access_event FOR SELECT TO manent_app
    USING ((practice_id, patient_id) IN (SELECT l.practice_id, l.patient_id FROM manent.person_link l));
CREATE POLICY of_audit ON manent.access_event FOR INSERT TO manent_audit WITH CHECK (true);
GRANT SELECT ON manent.access_event TO manent_app;
GRANT INSERT ON manent.access_event TO manent_audit;
