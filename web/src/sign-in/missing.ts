// Which of the required fields are still empty, each with its sentence.
import { t } from '../words/words.svelte';

export function missingFields(fields: Readonly<Record<string, string>>): Record<string, string> {
  const missing: Record<string, string> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value.trim() === '') missing[name] = t('field.missing');
  }
  return missing;
}
