-- Says that this installation is a demonstration, and which sign-ins it shows to anyone.
INSERT INTO manent.installation (name, value) VALUES ('demonstration', 'true'), ('demonstration_accounts', $1)
