-- Where letters to the operators go, and in which language.
SELECT email, language FROM manent.operators()
