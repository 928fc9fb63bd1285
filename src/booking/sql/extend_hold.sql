-- Keeps a held time longer, once.
SELECT manent.extend_hold($1, $2, $3)
