-- Which of these people are in the directory already.
SELECT national_number, practitioner_id FROM manent.practitioner WHERE national_number = ANY($1::text[])
