-- Which of these organisations are practices already.
SELECT national_identifier, practice_id FROM manent.practice WHERE national_identifier = ANY($1::text[])
