// The digest that a receipt is checked by: SHA-256 over the salt's bytes followed by the text's
// UTF-8 bytes, as typed, without normalisation. Needs a secure origin for `crypto.subtle`.

/** Bytes of a base64url string without padding; null when it is not one. */
export function fromBase64Url(value: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[A-Za-z0-9_-]*$/.test(value) || value.length % 4 === 1) return null;
  const binary = atob(value.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}

export function toBase64Url(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/** base64url of SHA-256(salt ‖ UTF-8 of text). */
export async function digestOf(salt: Uint8Array, text: string): Promise<string> {
  const words = new TextEncoder().encode(text);
  const input = new Uint8Array(salt.length + words.length);
  input.set(salt);
  input.set(words, salt.length);
  return toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', input)));
}

/** Whether the server's statement is about exactly this text. A salt that cannot be read is a no. */
export async function isDigestOf(
  statement: { salt: string; digest: string },
  text: string,
): Promise<boolean> {
  const salt = fromBase64Url(statement.salt.replace(/=+$/, ''));
  if (salt === null || salt.length === 0) return false;
  return (await digestOf(salt, text)) === statement.digest.replace(/=+$/, '');
}
