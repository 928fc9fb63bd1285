-- People known to the platform, how they sign in, and what they may act for. Only the role of identity reads
-- credentials and sessions; nothing here points at a practice's rows except membership and link.
CREATE TABLE manent.person (
    person_id uuid PRIMARY KEY,
    given_name text NOT NULL CHECK (length(given_name) BETWEEN 1 AND 100),
    family_name text NOT NULL CHECK (length(family_name) BETWEEN 1 AND 100),
    birth_date date CHECK (birth_date > '1870-01-01'),
    sex text NOT NULL DEFAULT 'unknown' CHECK (sex IN ('female', 'male', 'unknown')),
    phone text CHECK (length(phone) <= 30),
    language text NOT NULL DEFAULT 'fr' CHECK (language IN ('fr', 'en', 'es')),
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE manent.credential (
    person_id uuid PRIMARY KEY REFERENCES manent.person,
    email text NOT NULL CHECK (length(email) <= 254),
    password_hash text NOT NULL,
    email_confirmed_at timestamptz,
    totp_secret bytea,                       -- sealed with the master key
    totp_confirmed_at timestamptz,
    totp_last_step bigint NOT NULL DEFAULT 0 -- a code is good once (RFC 6238, 5.2)
);
CREATE UNIQUE INDEX credential_email ON manent.credential (lower(email));

CREATE TABLE manent.recovery_code (
    person_id uuid NOT NULL REFERENCES manent.credential,
    code_hash bytea NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (person_id, code_hash)
);

-- A browser that somebody confirmed with a code, known by a random cookie.
CREATE TABLE manent.device (
    device_id uuid PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now()
);

-- Who was confirmed on which device; the PIN for switching at a shared desk belongs to the pair.
CREATE TABLE manent.device_person (
    device_id uuid NOT NULL REFERENCES manent.device,
    person_id uuid NOT NULL REFERENCES manent.person,
    confirmed_at timestamptz NOT NULL DEFAULT now(),
    pin_hash text,
    pin_failures int NOT NULL DEFAULT 0,
    PRIMARY KEY (device_id, person_id)
);

CREATE TABLE manent.session (
    session_id uuid PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE,
    person_id uuid NOT NULL REFERENCES manent.person,
    device_id uuid REFERENCES manent.device,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    second_factor_at timestamptz,
    locked_at timestamptz,
    revoked_at timestamptz
);
CREATE INDEX session_person ON manent.session (person_id) WHERE revoked_at IS NULL;

-- A sign-in, a new account or a forgotten password that waits for its code.
CREATE TABLE manent.pending_sign_in (
    sign_in_id uuid PRIMARY KEY,
    person_id uuid REFERENCES manent.person, -- NULL answers an unknown address as if it were known
    purpose text NOT NULL CHECK (purpose IN ('sign_in', 'account', 'password_reset')),
    channel text NOT NULL CHECK (channel IN ('mail', 'totp')),
    code_hash bytea,
    failures int NOT NULL DEFAULT 0,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);

-- Failed attempts by account and by address, kept as long as they count.
CREATE TABLE manent.attempt (
    subject text NOT NULL,                   -- a keyed hash of an address or account, never the thing itself
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX attempt_subject ON manent.attempt (subject, at);

CREATE TABLE manent.mandate (
    holder_person_id uuid NOT NULL REFERENCES manent.person,
    person_id uuid NOT NULL REFERENCES manent.person,
    relation text NOT NULL CHECK (relation IN ('child', 'parent', 'partner', 'other')),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (holder_person_id, person_id),
    CHECK (holder_person_id <> person_id)
);

GRANT SELECT, INSERT, UPDATE ON manent.person, manent.credential, manent.recovery_code, manent.device,
    manent.device_person, manent.session, manent.pending_sign_in, manent.mandate TO manent_identity;
GRANT SELECT, INSERT, DELETE ON manent.attempt TO manent_identity;
GRANT DELETE ON manent.recovery_code, manent.pending_sign_in TO manent_identity;
-- The program's own role sees a person's row and that person's relatives, in that person's session.
GRANT SELECT ON manent.person, manent.mandate TO manent_app;
ALTER TABLE manent.person ENABLE ROW LEVEL SECURITY;
ALTER TABLE manent.mandate ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_identity ON manent.person TO manent_identity USING (true) WITH CHECK (true);
CREATE POLICY of_identity ON manent.mandate TO manent_identity USING (true) WITH CHECK (true);
CREATE POLICY own ON manent.mandate FOR SELECT TO manent_app
    USING (holder_person_id = (SELECT manent.current_person()));
CREATE POLICY own ON manent.person FOR SELECT TO manent_app
    USING (person_id = (SELECT manent.current_person())
           OR person_id IN (SELECT m.person_id FROM manent.mandate m));
