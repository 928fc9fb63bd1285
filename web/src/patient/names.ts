// A person's name as it is said: « Louise Martin ».
export function nameOf(person: { given_name: string; family_name: string }): string {
  return `${person.given_name} ${person.family_name}`.trim();
}
