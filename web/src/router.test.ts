// Addresses to pages, and the addresses that must lead nowhere.
import { describe, expect, test } from 'vitest';
import { href, matchRoute, safeReturn, type Route } from './router';

const routes: Route<string>[] = [
  { pattern: '/', page: 'home' },
  { pattern: '/appointments', page: 'list' },
  { pattern: '/appointments/:id', page: 'one' },
  { pattern: '/appointments/:id/move', page: 'move' },
  { pattern: '/staff/*', page: 'staff' },
];

describe('a path', () => {
  test.each([
    ['/', 'home', {}],
    ['/appointments/', 'list', {}],
    ['/appointments/a%20b', 'one', { id: 'a b' }],
    ['/appointments/7/move', 'move', { id: '7' }],
    ['/staff', 'staff', { rest: '' }],
    ['/staff/agenda/2026-11-26', 'staff', { rest: 'agenda/2026-11-26' }],
  ])('%s shows %s', (path, page, params) => {
    expect(matchRoute(routes, path)).toEqual({ page, params });
  });
  test.each(['/nowhere', '/appointments/1/other', '/appointments/1/move/2', '/appointments/%E0%A4%A'])(
    '%s shows nothing',
    (path) => expect(matchRoute(routes, path)).toBeNull(),
  );
});

test('an address leaves out what is not known and escapes the rest', () => {
  expect(href('/search', { name: 'Dr Œuvré & fils', place: '', sector: undefined })).toBe(
    '/search?name=Dr+%C5%92uvr%C3%A9+%26+fils',
  );
  expect(href('/search')).toBe('/search');
});

test('the way back after signing in never leaves this product', () => {
  expect(safeReturn('/booking?at=1', '/')).toBe('/booking?at=1');
  for (const bad of [null, '', 'https://elsewhere.example', '//elsewhere.example', '/\\elsewhere.example', 'javascript:x']) {
    expect(safeReturn(bad, '/appointments')).toBe('/appointments');
  }
});
