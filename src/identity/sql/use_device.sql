-- A session that began before its device was known.
UPDATE manent.session SET device_id = $2 WHERE session_id = $1
