-- What an import made before organisations were found is SOS Médecins: general practice, of no single practitioner.
UPDATE manent.agenda SET specialties = '{general-practice}'
    WHERE practitioner_id IS NULL AND source_identifier LIKE 'sas|site|%';
