-- Before an account becomes a practitioner's: they have an agenda in the practice, and no other account there is theirs.
SELECT CASE WHEN NOT EXISTS (SELECT FROM manent.agenda a WHERE a.practice_id = $1 AND a.practitioner_id = $2)
            THEN manent.refuse(404, 'not_found')
            ELSE manent.refuse(409, 'already_linked') END
WHERE $2::uuid IS NOT NULL
  AND (NOT EXISTS (SELECT FROM manent.agenda a WHERE a.practice_id = $1 AND a.practitioner_id = $2)
       OR EXISTS (SELECT FROM manent.membership m WHERE m.practice_id = $1 AND m.practitioner_id = $2
                  AND m.state <> 'ended' AND m.membership_id IS DISTINCT FROM $3::uuid))
