// Holds the budget of the patients' pages: fails when their script weighs more than 60 kB gzipped.
// Counted are the entry, what it imports at once, the largest language file, and then every page a
// patient can reach; the staff's chunk and the QR encoder are loaded by nobody else and are left out.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const limitBytes = 60_000;
const outDir = new URL('../../build/share/manent/web/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', outDir), 'utf8'));
const notPatients = /^src\/(staff|journal)\/|^src\/words\/staff|\/uqr\//;

const weigh = (file) => gzipSync(readFileSync(new URL(file, outDir)), { level: 9 }).length;

function collect(key, seen, alsoLazy) {
  if (seen.has(key) || notPatients.test(key)) return seen;
  seen.add(key);
  const chunk = manifest[key];
  const next = [...(chunk.imports ?? []), ...(alsoLazy ? (chunk.dynamicImports ?? []) : [])];
  for (const each of next) collect(each, seen, alsoLazy);
  return seen;
}

const isWords = (key) => /^src\/words\/\w+\.json$/.test(key);
const total = (keys) => [...keys].reduce((sum, key) => sum + weigh(manifest[key].file), 0);

const languages = Object.keys(manifest).filter(isWords);
const heaviest = Math.max(...languages.map((key) => weigh(manifest[key].file)));
const scripts = (alsoLazy) =>
  [...collect('index.html', new Set(), alsoLazy)].filter((key) => !isWords(key));

const initial = total(scripts(false)) + heaviest;
const everyPage = total(scripts(true)) + heaviest;
const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
console.log(`patients' script, gzipped: first page ${kB(initial)}, all pages together ${kB(everyPage)}`);
if (everyPage > limitBytes) {
  console.error(`over the budget of ${kB(limitBytes)}`);
  process.exit(1);
}
