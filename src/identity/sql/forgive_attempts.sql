-- After a success: the account's ($1) failures no longer count, nor does this one attempt ($3) of the address ($2).
DELETE FROM manent.attempt WHERE subject = $1 OR (subject = $2 AND at = $3)
