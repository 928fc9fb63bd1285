-- A second factor being set up; the one in use, sealed beside it, goes on.
UPDATE manent.credential SET totp_secret = $2 WHERE person_id = $1
