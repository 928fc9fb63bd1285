// Everything the campaign draws comes from here: one seed, one world of faults. A name forks a stream of its own, so that
// what one client draws does not depend on how fast another one was.
import { createHash } from 'node:crypto';

export class Random {
  /** @param {string} seed */
  constructor(seed) {
    this.seed = seed;
    const bytes = createHash('sha256').update(seed).digest();
    this.state = [0, 4, 8, 12].map((at) => bytes.readUInt32LE(at));
  }

  fork(name) {
    return new Random(`${this.seed}/${name}`);
  }

  /** Uniform in [0, 1): the generator sfc32. */
  next() {
    let [a, b, c, d] = this.state;
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    this.state = [a, b, c, d];
    return (sum >>> 0) / 4294967296;
  }

  between(least, most) {
    return least + this.next() * (most - least);
  }
  whole(least, most) {
    return Math.floor(this.between(least, most + 1));
  }
  chance(share) {
    return this.next() < share;
  }
  pick(list) {
    return list[Math.floor(this.next() * list.length)];
  }
  shuffled(list) {
    const left = [...list];
    return list.map(() => left.splice(Math.floor(this.next() * left.length), 1)[0]);
  }
  /** One of [{weight}, …], each as likely as its weight. */
  weighted(list) {
    let at = this.next() * list.reduce((sum, each) => sum + each.weight, 0);
    return list.find((each) => (at -= each.weight) < 0) ?? list.at(-1);
  }
}
