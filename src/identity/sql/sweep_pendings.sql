-- Codes that expired long enough ago that no count asks for them.
DELETE FROM manent.pending_sign_in WHERE expires_at < now() - interval '2 hours'
