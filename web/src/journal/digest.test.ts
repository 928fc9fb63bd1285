// @vitest-environment node
import { expect, test } from 'vitest';
import { digestOf, fromBase64Url, isDigestOf, toBase64Url } from './digest';

const salt = Uint8Array.from([0, 255, 62, 63, 7, 128, 200, 1]);

test('is SHA-256 over salt and UTF-8 bytes, as another implementation computes it', async () => {
  const text = 'Toux grasse depuis 3 j, 38,5 °C 😀 مرحبا e\u0301';
  // Computed once with Python's hashlib.
  expect(await digestOf(salt, text)).toBe('ckjb5cs5enBwuFcSJwR5PYeU3kKKHup3OHzXXk6SB-k');
});

test('text is not normalised: é in one or two code points are two texts', async () => {
  expect(await digestOf(salt, '\u00e9')).not.toBe(await digestOf(salt, 'e\u0301'));
});

test('matches its own text only', async () => {
  const statement = { salt: toBase64Url(salt), digest: await digestOf(salt, 'pénicilline') };
  expect(await isDigestOf(statement, 'pénicilline')).toBe(true);
  expect(await isDigestOf(statement, 'pénicillin')).toBe(false);
  expect(await isDigestOf({ ...statement, salt: 'not base64 !' }, 'pénicilline')).toBe(false);
  expect(await isDigestOf({ ...statement, salt: '' }, 'pénicilline')).toBe(false);
});

test('base64url goes there and back for every length', () => {
  for (let length = 0; length < 40; length += 1) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 37 + length) % 256);
    expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes);
  }
  expect(fromBase64Url('a')).toBeNull();
});
