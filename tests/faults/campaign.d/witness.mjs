// The campaign's end of the line to the witness, and the reading of what the witness wrote down.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export class Witness {
  /** @param {string} folder where its socket and its file are */
  constructor(folder) {
    this.file = path.join(folder, 'witness.jsonl');
    this.address = path.join(folder, 'witness.sock');
    this.waiting = [];
    this.read_up_to = 0;
  }

  async start() {
    const program = path.join(path.dirname(fileURLToPath(import.meta.url)), 'witness_process.mjs');
    this.process = spawn(process.execPath, [program, this.address, this.file], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(this.process.stdout, 'data');
    this.socket = net.connect(this.address);
    await once(this.socket, 'connect');
    this.socket.setEncoding('utf8');
    let unread = '';
    this.socket.on('data', (chunk) => {
      unread += chunk;
      const lines = unread.split('\n');
      unread = lines.pop();
      for (const line of lines) for (const done of this.waiting.splice(0, Number(line))) done();
    });
    return this;
  }

  /** Resolves when the witness has it on its disk. */
  note(what, more) {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.socket.write(`${JSON.stringify({ what, ...more })}\n`);
    });
  }

  /** What the file says since the last time that it was read. */
  async read() {
    const file = await open(this.file, 'r');
    try {
      const { size } = await file.stat();
      const bytes = Buffer.alloc(size - this.read_up_to);
      await file.read(bytes, 0, bytes.length, this.read_up_to);
      this.read_up_to = size;
      return bytes.toString('utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
    } finally {
      await file.close();
    }
  }

  async stop() {
    const ended = once(this.process, 'exit');
    this.socket.destroy();
    await ended;
  }
}
