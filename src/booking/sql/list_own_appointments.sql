-- The appointments of the person asking and of those they act for, or the one named by $1; names of places come from the
-- index.
SELECT appointment_id, practice_id, agenda_id, motive_id, label, modality, instructions, cancel_min, is_bookable,
       starts_at, ends_at, state, person_id, given_name, family_name, version
FROM manent.own_appointments($1)
