// Writes a .gz and a .br file beside every text asset of the build, so that the server sends them as
// they are and never compresses on the way of a request. Fonts are compressed already and stay alone.
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const textual = /\.(js|css|html|svg|json|txt|webmanifest)$/;
const gzipped = promisify(gzip);
const brotlied = promisify(brotliCompress);

export function precompress(): Plugin {
  let outDir = '';
  return {
    name: 'manent-precompress',
    apply: 'build',
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir);
    },
    async closeBundle() {
      const names = await readdir(outDir, { recursive: true });
      for (const name of names.filter((each) => textual.test(each))) {
        await compressFile(join(outDir, name));
      }
    },
  };
}

async function compressFile(path: string): Promise<void> {
  const bytes = await readFile(path);
  await writeFile(`${path}.gz`, await gzipped(bytes, { level: 9 }));
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  await writeFile(`${path}.br`, await brotlied(bytes, { params }));
}
