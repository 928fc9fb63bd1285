-- Gives a held time back; false when the token holds nothing.
SELECT manent.release_hold($1, $2)
