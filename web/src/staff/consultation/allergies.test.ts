// @vitest-environment node
import { expect, test } from 'vitest';
import { namesAllergy } from './allergies';

test('a plain no is no warning', () => {
  for (const text of ['', '  ', 'Aucune connue.', 'aucun', 'Néant', 'Pas d’allergie connue', 'None known', 'Ninguna conocida']) {
    expect(namesAllergy(text)).toBe(false);
  }
});

test('everything else is', () => {
  for (const text of ['Pénicilline', 'Latex.', 'Aucune sauf pénicilline', 'Aucune\nIode', 'Nonoxynol', 'Pas d’aspirine !']) {
    expect(namesAllergy(text)).toBe(true);
  }
});
