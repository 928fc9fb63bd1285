// @vitest-environment node
import { expect, test } from 'vitest';
import { identityBody, identityFrom } from './identity';

test('a request leaves out what is empty, and an address without any line', () => {
  const identity = { ...identityFrom(null), birth_name: ' Bernard ', given_names: 'Louise', birth_date: '1984-03-12' };
  expect(identityBody(identity)).toEqual({
    birth_name: 'Bernard',
    given_names: 'Louise',
    birth_date: '1984-03-12',
    sex: 'unknown',
  });
});

test('an identity read, unchanged, is the one sent', () => {
  const patient = {
    patient_id: 'x',
    version: 3,
    birth_name: 'Bernard',
    used_name: 'Martin',
    given_names: 'Louise Anne',
    birth_date: '1984-03-12',
    sex: 'female' as const,
    birth_place: 'Agen',
    phone: '0553661212',
    email: null,
    address: { lines: ['12 rue des Cornières', 'Bât. B'], postal_code: '47000', city: 'Agen' },
  };
  const { patient_id: _id, version: _version, email: _email, ...sent } = patient;
  expect(identityBody(identityFrom(patient))).toEqual(sent);
});
