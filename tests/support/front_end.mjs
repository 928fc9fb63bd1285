// A release of the front end without building one: the same files under other hashes, every reference with them.
import { createHash } from 'node:crypto';
import { chmod, cp, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from './server.mjs';

const hashed = /^(.+)-([\w-]{8})(\.\w+)$/;
const textual = /\.(js|css|html|json|webmanifest)$/;

export class FrontEnd {
  /** A copy of what is shared, that a server may be pointed at (MANENT_SHARE). */
  static async copy() {
    const made = new FrontEnd();
    made.share = await mkdtemp(path.join(tmpdir(), 'manent-share-'));
    await chmod(made.share, 0o755);
    await cp(path.join(root, 'build/share/manent'), made.share, { recursive: true });
    return made;
  }

  /** Every hashed file gets another name; the former files are gone, as after an update of a package. */
  async update(release) {
    const web = path.join(this.share, 'web');
    const assets = path.join(web, 'assets');
    const names = new Map();
    for (const name of await readdir(assets)) {
      if (/\.(br|gz)$/.test(name)) await rm(path.join(assets, name));
      else if (hashed.test(name)) names.set(name, name.replace(hashed, (whole, stem, _old, ending) => `${stem}-${hashOf(release, whole)}${ending}`));
    }
    for (const [old, fresh] of names) await rename(path.join(assets, old), path.join(assets, fresh));
    for (const name of await readdir(web, { recursive: true })) {
      const file = path.join(web, name);
      if (/\.(br|gz)$/.test(name)) await rm(file, { force: true });
      if (!textual.test(name)) continue;
      let text = await readFile(file, 'utf8');
      for (const [old, fresh] of names) text = text.replaceAll(old, fresh);
      await writeFile(file, text);
    }
  }

  remove() {
    return rm(this.share, { recursive: true, force: true });
  }
}

const hashOf = (release, name) => createHash('sha256').update(`${release} ${name}`).digest('base64url').slice(0, 8);
