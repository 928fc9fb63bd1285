// Two texts of one field side by side, word by word: what they share, where they part, and the
// text that a reader's choices make of them. Pure; loses nothing unless a choice says so.

export type Side = 'mine' | 'theirs' | 'both';

export type Piece =
  | { kind: 'same'; text: string }
  /** Where they part; either wording may be empty. */
  | { kind: 'parted'; mine: string; theirs: string };

/** Beyond this many differing words the rest is shown as one difference: the screen stays quick. */
const edits_max = 1_500;

/** Words and the space between them, each a token; joined again they are the text. */
export function tokens(text: string): string[] {
  return text.match(/\s+|[\p{L}\p{M}\p{N}]+|[^\s\p{L}\p{M}\p{N}]/gu) ?? [];
}

/**
 * The two texts as shared and parted pieces, in order. A shared word between two long differences
 * is part of one difference: a reader chooses between phrases, not between scattered words.
 */
export function compareWords(mine: string, theirs: string): Piece[] {
  const a = tokens(mine);
  const b = tokens(theirs);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (
    end < a.length - start &&
    end < b.length - start &&
    a[a.length - 1 - end] === b[b.length - 1 - end]
  ) {
    end += 1;
  }
  const pieces: Piece[] = [];
  addSame(pieces, a.slice(0, start).join(''));
  middle(pieces, a.slice(start, a.length - end), b.slice(start, b.length - end));
  addSame(pieces, a.slice(a.length - end).join(''));
  return inPhrases(pieces);
}

/** Takes into a difference the shared piece that is shorter than the differences on both its sides. */
function inPhrases(pieces: Piece[]): Piece[] {
  let taken = pieces;
  for (;;) {
    const at = taken.findIndex((piece, index) => isSwallowed(taken[index - 1], piece, taken[index + 1]));
    if (at < 0) return taken;
    const joint: Piece[] = [];
    for (const piece of taken.slice(at - 1, at + 2)) {
      if (piece.kind === 'same') addParted(joint, piece.text, piece.text);
      else addParted(joint, piece.mine, piece.theirs);
    }
    taken = [...taken.slice(0, at - 1), ...joint, ...taken.slice(at + 2)];
  }
}

function isSwallowed(before: Piece | undefined, piece: Piece, after: Piece | undefined): boolean {
  if (piece.kind !== 'same' || before?.kind !== 'parted' || after?.kind !== 'parted') return false;
  // A line is a thought of its own: differences in two lines stay two.
  if (piece.text.includes('\n')) return false;
  const size = (one: { mine: string; theirs: string }) => Math.max(one.mine.length, one.theirs.length);
  return piece.text.length <= size(before) && piece.text.length <= size(after);
}

/** Places at which each side has a wording of its own and nobody has chosen yet. */
export function openPlaces(pieces: Piece[], choices: readonly (Side | undefined)[]): number[] {
  const parted = pieces.filter((piece) => piece.kind === 'parted');
  return parted.flatMap((piece, index) =>
    choices[index] === undefined && piece.mine.trim() !== '' && piece.theirs.trim() !== '' ? [index] : [],
  );
}

/** The text that the choices make; a difference without a choice keeps both wordings. */
export function joined(pieces: Piece[], choices: readonly (Side | undefined)[]): string {
  let nth = 0;
  return pieces
    .map((piece) => {
      if (piece.kind === 'same') return piece.text;
      const choice = choices[nth] ?? 'both';
      nth += 1;
      if (choice === 'mine') return piece.mine;
      if (choice === 'theirs') return piece.theirs;
      return both(piece.mine, piece.theirs);
    })
    .join('');
}

/** Both wordings, with a space between them where they would run into one word. */
function both(mine: string, theirs: string): string {
  if (mine === '' || theirs === '') return mine + theirs;
  const apart = /\s$/.test(mine) || /^\s/.test(theirs);
  return apart ? mine + theirs : `${mine} ${theirs}`;
}

function addSame(pieces: Piece[], text: string): void {
  if (text === '') return;
  const last = pieces.at(-1);
  if (last?.kind === 'same') last.text += text;
  else pieces.push({ kind: 'same', text });
}

function addParted(pieces: Piece[], mine: string, theirs: string): void {
  if (mine === '' && theirs === '') return;
  const last = pieces.at(-1);
  if (last?.kind === 'parted') {
    last.mine += mine;
    last.theirs += theirs;
  } else {
    pieces.push({ kind: 'parted', mine, theirs });
  }
}

/** Myers' greedy comparison; each step's furthest ends are kept to walk the way back. */
function middle(pieces: Piece[], a: string[], b: string[]): void {
  const trail = furthestEnds(a, b);
  if (trail === null) return addParted(pieces, a.join(''), b.join(''));
  const steps: { kind: 'same' | 'mine' | 'theirs'; word: string }[] = [];
  let x = a.length;
  let y = b.length;
  for (let d = trail.length - 1; d >= 0; d -= 1) {
    const ends = trail[d]!;
    const k = x - y;
    const down = k === -d || (k !== d && (ends.get(k - 1) ?? -1) < (ends.get(k + 1) ?? -1));
    const from_k = down ? k + 1 : k - 1;
    const from_x = d === 0 ? 0 : (ends.get(from_k) ?? 0);
    const from_y = d === 0 ? 0 : from_x - from_k;
    while (x > from_x && y > from_y) {
      steps.push({ kind: 'same', word: a[x - 1]! });
      x -= 1;
      y -= 1;
    }
    if (d === 0) break;
    if (down) steps.push({ kind: 'theirs', word: b[y - 1]! });
    else steps.push({ kind: 'mine', word: a[x - 1]! });
    x = from_x;
    y = from_y;
  }
  for (const { kind, word } of steps.reverse()) {
    if (kind === 'same') addSame(pieces, word);
    else addParted(pieces, kind === 'mine' ? word : '', kind === 'theirs' ? word : '');
  }
}

/** For every number of edits, how far each diagonal reached before it; null beyond the limit. */
function furthestEnds(a: string[], b: string[]): Map<number, number>[] | null {
  let ends = new Map<number, number>([[1, 0]]);
  const trail: Map<number, number>[] = [];
  for (let d = 0; d <= Math.min(a.length + b.length, edits_max); d += 1) {
    trail.push(new Map(ends));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (ends.get(k - 1) ?? -1) < (ends.get(k + 1) ?? -1));
      let x = down ? (ends.get(k + 1) ?? 0) : (ends.get(k - 1) ?? 0) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1;
      ends.set(k, x);
      if (x >= a.length && x - k >= b.length) return trail;
    }
    ends = new Map(ends);
  }
  return null;
}
