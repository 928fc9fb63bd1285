// Holds the budget of the patients' pages: each of them, opened first, may load at most 60 kB of
// gzipped script, the heaviest language file included. The staff's pages have no such limit.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const limitBytes = 60_000;
const outDir = new URL('../../build/share/manent/web/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', outDir), 'utf8'));

const weights = new Map();
function weigh(key) {
  const { file } = manifest[key];
  if (!weights.has(file)) {
    weights.set(file, gzipSync(readFileSync(new URL(file, outDir)), { level: 9 }).length);
  }
  return weights.get(file);
}

function collect(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const each of manifest[key].imports ?? []) collect(each, seen);
  return seen;
}

const words = Object.keys(manifest).filter((key) => /^src\/words\/\w\w\.json$/.test(key));
const heaviestWords = Math.max(...words.map(weigh));
const pages = Object.keys(manifest).filter(
  (key) => manifest[key].isDynamicEntry && /^src\/(patient|sign-in)\//.test(key),
);

let over = false;
for (const page of pages) {
  const scripts = collect(page, collect('index.html'));
  const bytes = [...scripts].reduce((sum, key) => sum + weigh(key), heaviestWords);
  over ||= bytes > limitBytes;
  const mark = bytes > limitBytes ? '  over the budget' : '';
  console.log(`${(bytes / 1000).toFixed(1).padStart(6)} kB  ${page.replace(/^src\//, '')}${mark}`);
}
if (pages.length === 0 || words.length === 0) throw new Error('the build lists no page or no words');
if (over) process.exit(1);
