// Whether the allergies' text names one. A warning over « Aucune connue » would teach people to
// overlook the warning; anything that is not plainly a no is shown as one. Pure.

const none = /^(aucune?|néant|ras|non|pas d[e’']\s?allergie|none|no known|nka|nkda|ninguna|sin alergias|no conocidas)\b/iu;
const but = /\b(sauf|mais|except|but|salvo|pero)\b/iu;

export function namesAllergy(text: string): boolean {
  const words = text.trim();
  return words !== '' && !(none.test(words) && !but.test(words) && !words.includes('\n'));
}
