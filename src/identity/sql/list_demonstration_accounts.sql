-- What the sign-in page of a demonstration lists.
INSERT INTO manent.installation (name, value) VALUES ('demonstration_accounts', $1::text)
ON CONFLICT (name) DO UPDATE SET value = excluded.value
