// A wall clock that tests can set, for the processes that are started with its environment.
import { execFile } from 'node:child_process';
import { open, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const source = fileURLToPath(new URL('false_clock.c', import.meta.url));

export class FalseClock {
  /** @param {string} folder that the server's account may read */
  constructor(folder) {
    this.file = path.join(folder, 'clock');
    this.library = path.join(folder, 'false_clock.so');
  }

  /** Whether it can be had: that needs the compiler. */
  async prepare() {
    await writeFile(this.file, Buffer.alloc(8), { mode: 0o644 });
    return promisify(execFile)('clang-16', ['-O1', '-shared', '-fPIC', '-o', this.library, source]).then(() => true, () => false);
  }

  /** For every process, or only for those whose command line has the word `of`. */
  environment(of) {
    return { LD_PRELOAD: this.library, MANENT_FALSE_CLOCK: this.file, ...(of ? { MANENT_FALSE_CLOCK_OF: of } : {}) };
  }

  async set(offset_s) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(Math.round(offset_s)) * 1_000_000_000n);
    // Written where it is: what is mapped is this file, not another of its name.
    const file = await open(this.file, 'r+');
    await file.write(bytes, 0, 8, 0);
    await file.close();
  }
}
