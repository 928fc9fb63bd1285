// What the benchmarks share: a real server on an empty data folder, practices laid straight into its database, and the
// load generator beside it.
import { execFile, spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { cpus, release, totalmem } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Client, Server, binary, until } from '../tests/support/server.mjs';

const load = path.join(path.dirname(binary), 'bench_load');

export async function startServer() {
  const server = await new Server().start();
  // Figures of two copies are only figures of two copies while the standby follows.
  await until(async () => (await server.psql('SHOW synchronous_standby_names')).trim() === 'manent_standby', 60);
  return server;
}

export function machine() {
  return `${cpus().length} × ${cpus()[0].model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, Linux ${release()}`;
}

/** Runs the load generator; `requests` are {head, body?}. Answers its figures. */
export function drive(server, connections, mode, requests, seconds) {
  return new Promise((resolve, reject) => {
    const args = [String(server.port), String(connections), mode, ...(seconds ? [String(seconds)] : [])];
    const running = spawn(load, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    let printed = '';
    running.stdout.on('data', (chunk) => (printed += chunk));
    running.on('error', reject);
    running.on('exit', (code) => (code === 0 ? resolve(JSON.parse(printed)) : reject(new Error(`bench_load: ${code}`))));
    running.stdin.end(requests.map((each) => JSON.stringify(each)).join('\n') + '\n');
  });
}

/**
 * A practice whose agendas are open from 9 to 12 and 14 to 18 on weekdays, as practices are, or the whole day every day
 * (`allDay`), which gives thousands of times to book.
 */
export async function layPractice(server, { agendas = 1, minutes = 20, allDay = false } = {}) {
  const made = { practice: randomUUID(), site: randomUUID(), motive: randomUUID(), agendas: [] };
  for (let i = 0; i < agendas; i += 1) made.agendas.push(randomUUID());
  const stretches = allDay ? '(0, 1440)' : '(540, 720), (840, 1080)';
  await server.psql(`
    SET row_security = off;
    INSERT INTO manent.practice (practice_id, name) VALUES ('${made.practice}', 'Cabinet');
    INSERT INTO manent.site (practice_id, site_id, name) VALUES ('${made.practice}', '${made.site}', 'Cabinet');
    INSERT INTO manent.motive (practice_id, motive_id, label, duration_min, earliest_min, latest_days, repeatable)
      VALUES ('${made.practice}', '${made.motive}', 'Consultation', ${minutes}, 0, 120, true);
    INSERT INTO manent.agenda (practice_id, agenda_id, site_id, name)
      SELECT '${made.practice}', id, '${made.site}', 'Agenda'
      FROM unnest('{${made.agendas}}'::uuid[]) AS id;
    INSERT INTO manent.agenda_motive
      SELECT '${made.practice}', id, '${made.motive}' FROM unnest('{${made.agendas}}'::uuid[]) AS id;
    WITH opened AS (
      INSERT INTO manent.opening (practice_id, opening_id, agenda_id, weekday, starts_minute, ends_minute)
        SELECT '${made.practice}', gen_random_uuid(), id, day, f, u
        FROM unnest('{${made.agendas}}'::uuid[]) AS id, generate_series(1, ${allDay ? 7 : 5}) AS day,
             (VALUES ${stretches}) AS v (f, u) RETURNING opening_id)
    INSERT INTO manent.opening_motive SELECT '${made.practice}', opening_id, '${made.motive}' FROM opened;`);
  return made;
}

/** A patient's file, as rows that appointments can point at. */
export async function layFile(server, practice) {
  const patient = randomUUID();
  await server.psql(`
    SET row_security = off;
    INSERT INTO manent.patient (practice_id, patient_id, birth_name, given_names, birth_date, folded_names, wrapped_key)
      VALUES ('${practice.practice}', '${patient}', 'Martin', 'Louise', '1984-03-12', 'martin louise', '\\x00')`);
  return patient;
}

/** Accounts with a session each and a file in the practice. Answers their session tokens. */
export async function layPatients(server, practice, count) {
  const people = Array.from({ length: count }, () => randomUUID());
  const rows = people.map((id) => {
    const hash = createHash('sha256').update(`token-${id}`).digest('hex');
    return `('${id}'::uuid, '\\x${hash}'::bytea)`;
  });
  await server.psql(`
    SET row_security = off;
    CREATE TEMP TABLE laid (id, hash) AS VALUES ${rows};
    INSERT INTO manent.person (person_id, given_name, family_name, birth_date)
      SELECT id, 'Louise', 'Martin', '1984-03-12' FROM laid;
    INSERT INTO manent.credential (person_id, email, password_hash)
      SELECT id, id || '@exemple.fr', 'none' FROM laid;
    INSERT INTO manent.session (session_id, token_hash, person_id, expires_at)
      SELECT gen_random_uuid(), hash, id, now() + interval '1 hour' FROM laid;
    INSERT INTO manent.patient (practice_id, patient_id, birth_name, given_names, birth_date, folded_names, wrapped_key)
      SELECT '${practice.practice}', id, 'Martin', 'Louise', '1984-03-12', 'martin louise', '\\x00' FROM laid;
    INSERT INTO manent.person_link (practice_id, patient_id, person_id)
      SELECT '${practice.practice}', id, id FROM laid;`);
  return people.map((id) => `token-${id}`);
}

/** Makes the index read the practice, and waits until it has. */
export async function publish(server, practice) {
  await server.psql(`INSERT INTO manent.outbox (practice_id, kind, agenda_id)
    SELECT '${practice.practice}', 'agenda_schedule', id FROM unnest('{${practice.agendas}}'::uuid[]) AS id`);
  for (const agenda of practice.agendas)
    await until(async () => (await freeTimes(server, practice, agenda, 1, 7)).length > 0, 20, 'no free times');
}

export const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

export async function freeTimes(server, practice, agenda, from, to) {
  const { body } = await new Client(server.base).get(slotsPath(practice, agenda, from, to));
  return (body.days ?? []).flatMap((each) => each.slots);
}

export const slotsPath = (practice, agenda, from, to) =>
  `/agendas/${agenda}/slots?motive=${practice.motive}&from=${day(from)}&to=${day(to)}`;

export function bookingRequest(practice, agenda, starts_at, token) {
  return {
    head: `POST /api/v1/appointments HTTP/1.1\r\nCookie: manent_session=${token}\r\nIdempotency-Key: ${randomUUID()}\r\n`,
    body: JSON.stringify({ agenda_id: agenda, motive_id: practice.motive, starts_at, known: true }),
  };
}

/** Runs pgbench on the same primary. Answers rate and percentiles of its transactions. */
export async function pgbench(server, script, clients, seconds) {
  const { mkdtemp, readdir, readFile, rm, writeFile } = await import('node:fs/promises');
  const folder = await mkdtemp('/tmp/manent-pgbench-');
  try {
    await writeFile(path.join(folder, 'script.sql'), script);
    const { stdout } = await promisify(execFile)('pgbench', [
      '-h', server.sockets(), '-p', '5432', '-U', 'manent_owner', '-n', '-M', 'prepared', '-f', 'script.sql',
      '-c', String(clients), '-j', '1', '-T', String(Math.max(1, Math.round(seconds))), '-l', 'manent',
    ], { cwd: folder });
    const ms = [];
    for (const file of (await readdir(folder)).filter((name) => name.startsWith('pgbench_log')))
      for (const line of (await readFile(path.join(folder, file), 'utf8')).trim().split('\n'))
        ms.push(Number(line.split(' ')[2]) / 1000);
    ms.sort((a, b) => a - b);
    const rate = Number(/tps = ([\d.]+)/.exec(stdout)[1]);
    return { rate, p50_ms: ms[Math.floor(ms.length * 0.5)], p99_ms: ms[Math.floor(ms.length * 0.99)] };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const middle = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
/** Rounds of ours and beside, in turns: on a machine whose speed changes only neighbours may be compared. */
export const rounds = 5;

/**
 * Takes turns at `ours()` and `beside()`, each answering {rate, p50_ms, p99_ms}. Answers the middle of each figure and of
 * the rounds' own ratios.
 */
export async function inTurns(ours, beside) {
  const pairs = [];
  for (let round = 0; round < rounds; round += 1) pairs.push([await ours(), await beside()]);
  const middleOf = (which) => Object.fromEntries(['rate', 'p50_ms', 'p99_ms'].map(
    (figure) => [figure, middle(pairs.map((pair) => pair[which][figure]))]));
  return {
    ours: middleOf(0), beside: middleOf(1), ratio: middle(pairs.map(([a, b]) => a.rate / b.rate)),
    p99_ratio: middle(pairs.map(([a, b]) => a.p99_ms / b.p99_ms)),
  };
}

/** A measurement as the benchmarks' last lines have it. */
export function figures(clients, { ours, beside, ratio, p99_ratio }) {
  return {
    clients, rate: Math.round(ours.rate), pgbench_rate: Math.round(beside.rate), ratio: rounded(ratio),
    p50_ms: rounded(ours.p50_ms), p99_ms: rounded(ours.p99_ms), pgbench_p50_ms: rounded(beside.p50_ms),
    pgbench_p99_ms: rounded(beside.p99_ms), p99_ratio: rounded(p99_ratio),
  };
}

export const rounded = (value, digits = 2) => Number(value.toFixed(digits));
