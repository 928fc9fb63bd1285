-- Patients by the beginning of any name, by birth date and by telephone; those whose family name begins as the first
-- word does come first. Row security keeps text operators from indexes, so a practice's patients are read through.
WITH zone AS (
    SELECT coalesce((SELECT s.time_zone FROM manent.site s WHERE s.practice_id = $1 ORDER BY s.site_id LIMIT 1),
                    'Europe/Paris') AS name
), matching AS (
    SELECT p.patient_id, p.birth_name, p.used_name, p.given_names, p.birth_date, p.sex, p.phone, p.email,
           p.folded_names, p.folded_names LIKE $2 AS leads
    FROM manent.patient p
    WHERE p.practice_id = $1
      AND (' ' || p.folded_names) LIKE ALL ($3::text[])
      AND (cardinality($4::text[]) = 0 OR (' ' || p.folded_names) LIKE ANY ($4::text[]))
      AND ($5::date IS NULL OR p.birth_date = $5)
      AND ($6::text IS NULL OR to_char(p.birth_date, 'DD/MM/YYYY') LIKE $6 OR to_char(p.birth_date, 'YYYY-MM-DD') LIKE $6)
      AND ($7::text IS NULL OR p.phone_digits LIKE $7)
    ORDER BY leads DESC, p.folded_names, p.birth_date, p.patient_id LIMIT $8
)
SELECT m.patient_id, m.birth_name, m.used_name, m.given_names, m.birth_date, m.sex, m.phone, m.email,
       next.starts_at, next.time_zone, (seen.at AT TIME ZONE zone.name)::date
FROM matching m CROSS JOIN zone
LEFT JOIN LATERAL (SELECT a.starts_at, s.time_zone FROM manent.appointment a
                   JOIN manent.agenda g ON g.practice_id = a.practice_id AND g.agenda_id = a.agenda_id
                   JOIN manent.site s ON s.practice_id = g.practice_id AND s.site_id = g.site_id
                   WHERE a.practice_id = $1 AND a.patient_id = m.patient_id AND a.starts_at > now()
                     AND a.state = 'booked'
                   ORDER BY a.starts_at LIMIT 1) next ON true
LEFT JOIN LATERAL (SELECT c.opened_at AS at FROM manent.consultation c
                   WHERE c.practice_id = $1 AND c.patient_id = m.patient_id
                     AND NOT EXISTS (SELECT FROM manent.consultation_event e
                                     WHERE e.practice_id = $1 AND e.consultation_id = c.consultation_id
                                       AND e.what = 'retracted')
                   ORDER BY c.opened_at DESC LIMIT 1) seen ON true
ORDER BY m.leads DESC, m.folded_names, m.birth_date, m.patient_id
