// A Chromium on a profile that outlives it, as on somebody's desk. It is killed and started anew on the same profile, by
// a fault or because it answers nothing any more; nothing asked of it waits without a limit.
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { chromium_arguments } from './browser.mjs';
import { until } from './server.mjs';
import { within } from './within.mjs';

const start_ms_max = 60_000;
const answer_ms_max = 20_000;

export class Desk {
  /** Why the browser had to be started anew though nobody had killed it. */
  restarts = [];
  cut = false;
  #starting = null;

  static async open({ base, tell }) {
    const desk = new Desk();
    Object.assign(desk, { base, tell, profile: await mkdtemp(path.join(tmpdir(), 'manent-profile-')) });
    await desk.start();
    return desk;
  }

  /** Starts the browser; whoever asks while it is being started waits for the same one. */
  start() {
    this.#starting ??= this.#launch().finally(() => (this.#starting = null));
    return this.#starting;
  }

  async #launch() {
    await this.kill();
    // A new browser has a network, whatever was cut from the former one.
    this.cut = false;
    this.context = await within(start_ms_max, 'starting the browser', () => chromium.launchPersistentContext(this.profile, {
      executablePath: '/usr/bin/chromium', args: chromium_arguments, baseURL: this.base, locale: 'fr', timezoneId: 'Europe/Paris',
      viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce', timeout: start_ms_max,
    }));
    this.context.on('page', follow);
    this.context.pages().forEach(follow);
  }

  /** A new tab. A browser that gives none is started anew. */
  async newPage() {
    await this.#starting;
    try {
      const page = await within(answer_ms_max, 'a new tab', () => this.context.newPage());
      await until(() => this.#tellAll(), 20, 'the tabs know not how the network is');
      return page;
    } catch (failed) {
      if (await this.alive()) {
        this.restarts.push(failed.message);
        this.tell(`the browser is started anew: ${failed.message}`);
      }
      await this.start();
      return within(answer_ms_max, 'a new tab', () => this.context.newPage());
    }
  }

  async closePage(page) {
    await within(2_000, 'closing a tab', () => page.close({ runBeforeUnload: false })).catch(() => {});
  }

  /** As pulling the cable: every tab and worker that is there and that comes. A browser that is started anew has a network. */
  async offline(yes) {
    await this.#starting;
    this.cut = yes;
    await until(() => this.#tellAll(), 60, `the network could not be ${yes ? 'cut' : 'joined'}`);
  }

  /** Whether every tab knows how the network is. One that was being opened when that changed may have missed it. */
  async #tellAll() {
    const { context, cut } = this;
    const set = (yes) => within(5_000, 'cutting the network', () => context.setOffline(yes));
    // A crashed tab never answers.
    for (const page of context.pages()) if (page.crashed) await this.closePage(page);
    await set(cut);
    for (const page of context.pages()) {
      const online = await within(2_000, 'a look at a tab', () => page.evaluate('navigator.onLine')).catch(() => null);
      if (online !== cut) continue;
      this.tell('a tab missed that the network was cut or joined');
      // What does not change is not told again.
      await set(!cut);
      return false;
    }
    return true;
  }

  /** SIGKILL to the browser and all its processes, as at a crash of the machine's graphical session. */
  async kill() {
    const pids = await this.#processes();
    for (const { pid } of pids) end(pid);
    await until(async () => (await this.#processes()).length === 0, 20, 'the browser did not end');
  }

  async killRenderers() {
    for (const { pid, line } of await this.#processes()) if (line.includes('--type=renderer')) end(pid);
  }

  async alive() {
    return (await this.#processes()).some(({ line }) => !line.includes('--type='));
  }

  /** The browser's process, found by its profile, and all that descend from it. */
  async #processes() {
    const all = [];
    for (const name of await readdir('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      const [line, stat] = await Promise.all(['cmdline', 'stat'].map((file) => readFile(`/proc/${name}/${file}`, 'utf8').catch(() => '')));
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (line !== '' && state !== 'Z') all.push({ pid: Number(name), parent: Number(parent), line: line.replaceAll('\0', ' ') });
    }
    const own = new Set(all.filter(({ line }) => line.includes(`--user-data-dir=${this.profile}`)).map(({ pid }) => pid));
    // Whatever it started was started later, though numbers wrap: look until nothing more is found.
    for (let before = -1; before !== own.size; ) {
      before = own.size;
      for (const { pid, parent } of all) if (own.has(parent)) own.add(pid);
    }
    return all.filter(({ pid }) => own.has(pid));
  }

  async close() {
    await within(10_000, 'closing the browser', () => this.context.close()).catch(() => {});
    await this.kill();
    await rm(this.profile, { recursive: true, force: true, maxRetries: 3 });
  }
}

function follow(page) {
  page.crashed = false;
  page.on('crash', () => (page.crashed = true));
}

function end(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
