// Identifiers that tie labels, hints and errors to their fields.
let last = 0;

export function newId(prefix: string): string {
  last += 1;
  return `${prefix}-${last}`;
}

/** The values of aria-describedby that exist, or undefined when none does. */
export function describedBy(...ids: Array<string | false | undefined>): string | undefined {
  return ids.filter(Boolean).join(' ') || undefined;
}
