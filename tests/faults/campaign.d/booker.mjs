// Patients with an account who race for the same times, move what they got, and cancel.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Device } from './device.mjs';

export class Booker {
  constructor(around, name) {
    this.person = randomUUID();
    this.device = new Device({ ...around, person: this.person, name });
    this.world = around.world;
  }

  /** Books, moves and cancels among `starts` until `busy()` says no more. */
  async work(random, busy, starts) {
    const wanted = random.shuffled(starts);
    const own = [];
    while (busy()) {
      const act = own.length === 0 || (random.chance(0.6) && wanted.length > 0) ? 'book' : random.pick(['move', 'move', 'cancel']);
      if (act === 'book') {
        if (wanted.length === 0) return;
        const booked = await this.book(wanted.shift(), random);
        if (booked) own.push(booked);
      } else {
        const at = random.whole(0, own.length - 1);
        const changed = act === 'move' ? await this.move(own[at], random.pick(starts), random) : await this.cancel(own[at], random);
        if (act === 'cancel' && changed) own.splice(at, 1);
        else if (changed) own[at] = changed;
      }
      if (random.chance(0.1)) await this.device.stutter(random);
      await pause(random.between(20, 150));
    }
  }

  async book(starts_at, random) {
    const { agenda, motive } = this.world;
    const wish = { agenda_id: agenda, motive_id: motive, starts_at, known: false };
    const { final } = await this.device.insist('book', '/appointments', wish, { random, more: { agenda, starts_at } });
    return final.status < 300 ? final.body : null;
  }

  async move({ appointment_id, version }, starts_at, random) {
    const { final } = await this.device.insist('move', `/me/appointments/${appointment_id}/move`, { starts_at, version },
      { random, more: { appointment: appointment_id, starts_at } });
    return final.status < 300 ? final.body : null;
  }

  async cancel({ appointment_id, version }, random) {
    const { final } = await this.device.insist('cancel', `/me/appointments/${appointment_id}/cancel`, { version },
      { random, more: { appointment: appointment_id } });
    return final.status < 300 ? final.body : null;
  }
}
