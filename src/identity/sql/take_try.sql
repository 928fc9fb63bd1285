-- Takes one of the tries of a waiting sign-in, before the code is compared. No row: used, expired, unknown, exhausted.
UPDATE manent.pending_sign_in SET failures = failures + 1
WHERE sign_in_id = $1 AND purpose = ANY ($2::text[]) AND used_at IS NULL AND expires_at > now() AND failures < $3
RETURNING person_id, purpose, channel, code_hash, failures
