-- Refuses, as if there were nothing, whoever does not run the installation.
SELECT manent.refuse(404, 'not_found') WHERE NOT manent.is_operator()
