-- Written before the password is looked at, so that attempts sent at once count each other.
INSERT INTO manent.attempt (subject, at) SELECT unnest($1::text[]), $2::timestamptz
