-- ADELI numbers of Corsica carry the letter of their département: 0 and 2A9300123.
ALTER TABLE manent.practitioner DROP CONSTRAINT practitioner_national_number_check,
    ADD CONSTRAINT practitioner_national_number_check CHECK (national_number ~ '^[0-9][0-9][0-9AB][0-9]{6,9}$');
