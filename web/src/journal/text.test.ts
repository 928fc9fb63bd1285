// @vitest-environment node
import { expect, test } from 'vitest';
import { code_points_max, codePoints, overLong, wellFormed } from './text';

test('a lone surrogate is replaced, a pair is not', () => {
  expect(wellFormed('a\uD83Db')).toBe('a\uFFFDb');
  expect(wellFormed('a\uDE00b')).toBe('a\uFFFDb');
  expect(wellFormed('\uD83D\uD83D\uDE00')).toBe('\uFFFD\u{1F600}');
  expect(wellFormed('douleur 😀 مرحبا é')).toBe('douleur 😀 مرحبا é');
});

test('a replaced text survives UTF-8 word for word', () => {
  const text = wellFormed('x\uDE00\uD83Dy');
  expect(new TextDecoder().decode(new TextEncoder().encode(text))).toBe(text);
});

test('length counts code points, as the server does', () => {
  expect(codePoints('')).toBe(0);
  expect(codePoints('é😀')).toBe(2);
  expect(codePoints('😀'.repeat(1000))).toBe(1000);
  expect(codePoints('\uD83D')).toBe(1);
});

test('the limit itself may be sent, one more may not', () => {
  expect(overLong('a'.repeat(code_points_max))).toBeNull();
  expect(overLong('a'.repeat(code_points_max + 1))).toBe(code_points_max + 1);
  expect(overLong('😀'.repeat(code_points_max))).toBeNull();
  expect(overLong('😀'.repeat(code_points_max) + 'a')).toBe(code_points_max + 1);
});
