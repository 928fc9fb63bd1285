-- How many attempts of each subject still count, and when the last one was. $2: the subjects' windows in seconds.
SELECT w.subject, count(a.at), max(a.at)
FROM unnest($1::text[], $2::int[]) AS w (subject, window_s)
LEFT JOIN manent.attempt a ON a.subject = w.subject AND a.at > now() - w.window_s * interval '1 second'
GROUP BY w.subject
