// Rules for a text before it is journalled: which characters it may hold and how long it may be.
// Pure; both sides count code points, so that the screen refuses exactly what the server would.

export const code_points_max = 200_000;

const lone_surrogate =
  /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** UTF-8 has no lone surrogates: each becomes U+FFFD here, or the digest would never match. */
export function wellFormed(text: string): string {
  return text.replace(lone_surrogate, '\uFFFD');
}

/** Number of code points; a pair of surrogates counts once. */
export function codePoints(text: string): number {
  let count = text.length;
  for (let i = 0; i + 1 < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit < 0xd800 || unit > 0xdbff) continue;
    const next = text.charCodeAt(i + 1);
    if (next >= 0xdc00 && next <= 0xdfff) {
      count -= 1;
      i += 1;
    }
  }
  return count;
}

/** The length in code points when it is over the limit, null when the text may be sent. */
export function overLong(text: string): number | null {
  if (text.length <= code_points_max) return null;
  const length = codePoints(text);
  return length > code_points_max ? length : null;
}
