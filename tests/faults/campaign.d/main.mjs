// The fault campaign: `campaign --cycles N --seed S`. See docs/promises.md for what it shows, and faults.mjs for what it does.
import { chmod, cp, mkdir, mkdtemp, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';

const usage = `tests/faults/campaign [--cycles N] [--seed S] [--first C] [--only FAULT[,FAULT]] [--machines 2] [--evidence DIR]
  Runs N cycles of faults against a server of its own, drawn by the seed, and checks every promise after each.
  --first C    begins at cycle C: what befalls a cycle depends on the seed and its number alone
  --only …     draws from these faults alone (tests/faults/campaign.d/faults.mjs names them)
  --machines 2 a standby on another machine (a network namespace), and what befalls two machines; needs root
  --evidence   where to keep what there is of a failure`;

const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '20' }, seed: { type: 'string', default: '1' }, first: { type: 'string', default: '1' },
    machines: { type: 'string', default: '1' },
    only: { type: 'string' }, evidence: { type: 'string' }, help: { type: 'boolean' },
  },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}

const folder = await mkdtemp(path.join(tmpdir(), 'manent-campaign-'));
await chmod(folder, 0o755);
// A copy of the program, so that a build meanwhile changes nothing here.
const build = path.resolve(path.dirname(process.env.MANENT_BINARY ?? fileURLToPath(new URL('../../../build/bin/manent', import.meta.url))), '..');
await mkdir(path.join(folder, 'bin'));
await cp(path.join(build, 'bin/manent'), path.join(folder, 'bin/manent'));
await symlink(path.join(build, 'share'), path.join(folder, 'share'));
process.env.MANENT_BINARY = path.join(folder, 'bin/manent');
const { Campaign } = await import('./campaign.mjs');

const campaign = new Campaign({
  folder, seed: values.seed, only: values.only?.split(','), machines: Number(values.machines), say: (line) => process.stderr.write(`${line}\n`),
});
for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => (campaign.interrupted = true));

let failure = null;
try {
  await campaign.start();
  const first = Number(values.first);
  for (let cycle = first; cycle < first + Number(values.cycles) && !campaign.interrupted; ++cycle) {
    failure = await campaign.cycle(cycle);
    if (failure) break;
  }
  failure ??= await campaign.finish();
} catch (broken) {
  const complaint = await campaign.lastComplaint();
  failure = { cycle: campaign.at, found: [{ promise: 'recovery', what: `${broken.message}; PostgreSQL's last complaint: ${complaint}`, stack: broken.stack }] };
}

if (failure) {
  const kept = values.evidence ?? path.join(tmpdir(), `manent-campaign-evidence-${values.seed}-${failure.cycle}-${process.pid}`);
  await campaign.keepEvidence(kept, failure);
  console.error(`\nFAILED in cycle ${failure.cycle} of seed ${values.seed}; the evidence is in ${kept}`);
  for (const each of failure.found.slice(0, 10)) console.error(`  ${each.promise}: ${each.what}`);
  if (failure.found.length > 10) console.error(`  and ${failure.found.length - 10} more`);
  console.error(`Again: tests/faults/campaign --seed ${values.seed} --first ${failure.cycle} --cycles 1${values.only ? ` --only ${values.only}` : ''}${values.machines === '1' ? '' : ` --machines ${values.machines}`}`);
}
await campaign.close();
console.log(JSON.stringify(campaign.summary(failure)));
process.exit(failure ? 1 : 0);
