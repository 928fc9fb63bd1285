// The network between the devices and the server: a TCP proxy that can be cut, slowed, made to swallow everything, and cut
// inside an answer.
import net from 'node:net';

export class Network {
  /** @param {() => number} port of the server behind it */
  constructor(port) {
    this.port = port;
    this.pairs = new Set();
    this.heal();
  }

  async start() {
    this.listener = net.createServer((near) => this.join(near));
    await new Promise((resolve) => this.listener.listen(0, '127.0.0.1', resolve));
    this.base = `http://127.0.0.1:${this.listener.address().port}`;
    return this;
  }

  heal() {
    this.mode = 'whole';
    this.delay_ms = 0;
    this.answers_to_cut = [];
  }

  /** Every connection is reset and none is let through. */
  cut() {
    this.mode = 'cut';
    for (const { near, far } of this.pairs) [near, far].forEach((each) => each.resetAndDestroy());
  }

  /** Nothing arrives any more, and nobody is told. */
  swallow() {
    this.mode = 'swallow';
  }

  slow(delay_ms) {
    this.delay_ms = delay_ms;
  }

  /** The next answers end after so many bytes each. */
  cutAnswers(lengths) {
    this.answers_to_cut = [...lengths];
  }

  join(near) {
    if (this.mode === 'cut') return near.resetAndDestroy();
    const far = net.connect(this.port(), '127.0.0.1');
    const pair = { near, far };
    this.pairs.add(pair);
    near.setNoDelay(true);
    far.setNoDelay(true);
    const part = () => {
      this.pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const each of [near, far]) each.on('error', part).on('close', part);
    near.on('data', (chunk) => this.carry(chunk, far));
    far.on('data', (chunk) => {
      if (this.answers_to_cut.length === 0 || this.mode !== 'whole') return this.carry(chunk, near);
      near.write(chunk.subarray(0, this.answers_to_cut.shift()), () => near.resetAndDestroy());
    });
  }

  carry(chunk, to) {
    if (this.mode === 'swallow') return;
    to.queue ??= [];
    if (this.delay_ms === 0 && to.queue.length === 0) return void to.write(chunk);
    // Each timer sends what has waited longest, so that bytes keep their order whatever the delays were.
    to.queue.push(chunk);
    setTimeout(() => to.writable && to.write(to.queue.shift()), this.delay_ms);
  }

  stop() {
    this.cut();
    return new Promise((resolve) => this.listener.close(resolve));
  }
}
