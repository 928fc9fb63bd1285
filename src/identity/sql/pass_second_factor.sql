-- The session in which the authenticator was set up has shown its code, and lasts no longer than the practices of its
-- person allow: it may have begun before there were any.
UPDATE manent.session SET second_factor_at = now(),
    expires_at = least(expires_at, now() + (SELECT min(pr.session_minutes) * interval '1 minute'
                                            FROM manent.membership m
                                            JOIN manent.practice pr ON pr.practice_id = m.practice_id
                                            WHERE m.person_id = session.person_id AND m.state <> 'ended'))
WHERE token_hash = $1 AND revoked_at IS NULL
