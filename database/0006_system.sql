-- What the program keeps for itself: hints, idempotency keys, mail.

-- Hints to read a day again, never facts: a snapshot may show them out of order.
CREATE TABLE manent.outbox (
    outbox_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    practice_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('agenda_day', 'agenda_schedule', 'directory')),
    agenda_id uuid,
    starts_at timestamptz,                   -- somewhere in the day to read again
    created_at timestamptz NOT NULL DEFAULT now()
);
GRANT INSERT ON manent.outbox TO manent_app;
GRANT SELECT, DELETE ON manent.outbox TO manent_index;

-- A write and the answer it gave, so that a repeated request is answered and not done again. `answer` holds what the
-- commit fixed; copies are counted anew.
CREATE TABLE manent.idempotency_key (
    person_id uuid NOT NULL,
    key uuid NOT NULL,
    request_hash bytea NOT NULL CHECK (length(request_hash) = 32),
    answer jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (person_id, key)
);
CREATE INDEX idempotency_key_age ON manent.idempotency_key (created_at);
ALTER TABLE manent.idempotency_key ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON manent.idempotency_key TO manent_app
    USING (person_id = (SELECT manent.current_person()))
    WITH CHECK (person_id = (SELECT manent.current_person()));
GRANT SELECT, INSERT ON manent.idempotency_key TO manent_app;

CREATE TABLE manent.mail (
    mail_id uuid PRIMARY KEY,
    recipient text NOT NULL CHECK (length(recipient) <= 254),
    subject text NOT NULL,
    body text NOT NULL,
    calendar text,
    created_at timestamptz NOT NULL DEFAULT now(),
    attempts int NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT now(),
    sent_at timestamptz,
    failed_at timestamptz
);
CREATE INDEX mail_waiting ON manent.mail (next_attempt_at) WHERE sent_at IS NULL AND failed_at IS NULL;
GRANT INSERT ON manent.mail TO manent_app, manent_identity;
GRANT SELECT, UPDATE ON manent.mail TO manent_mail;

-- What this installation is: its check value for the master key, whether it is a demonstration.
CREATE TABLE manent.installation (
    name text PRIMARY KEY,
    value text NOT NULL
);
GRANT SELECT ON manent.installation TO manent_app, manent_identity, manent_index, manent_mail;
