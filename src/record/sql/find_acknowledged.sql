-- Which of the named revisions were once acknowledged to this person, by the answers kept with their idempotency keys.
SELECT DISTINCT named.id::uuid
FROM manent.idempotency_key k CROSS JOIN LATERAL jsonb_array_elements_text(k.answer -> 'revisions') AS named (id)
WHERE k.person_id = $1::uuid AND named.id = ANY ($2::text[])
