-- How many revisions there are in all practices, and when the newest was recorded.
SELECT count(*), max(recorded_at) FROM manent.revision
