// Two letters for a person's circle: « Dr Guillaume Marcel » gives GM. Titles are no part of a name.
export function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '' && !/^(dr|pr|mme|m|mr|mrs|ms)\.?$/i.test(word));
  const first = words[0] ?? name;
  const last = words.length > 1 ? words[words.length - 1]! : '';
  return ([...first][0] ?? '').concat([...last][0] ?? '').toLocaleUpperCase();
}
