// Incidents in words: what happened, whom it concerns, and each piece of evidence as lines. Pure but for the language.
import type { Evidence, EvidenceFacts, Incident, Operation } from '../api/types';
import { deviceZone, sayMoment } from '../words/dates';
import { t, type IncidentKey } from '../words/incident';

// A detector that this page does not know yet is said by the promise that it found broken.
const known = [
  'device_report_I1',
  'device_report_I2',
  'standby_I1',
  'access_trail_I6',
  'verify_I1',
  'verify_I2',
  'archive_I2',
] as const;

function kindOf(incident: Incident): (typeof known)[number] | undefined {
  return known.find((each) => each === `${incident.detector}_${incident.promise}`);
}

export function sayTitle(incident: Incident): string {
  const kind = kindOf(incident);
  return kind ? t(`title.${kind}` satisfies IncidentKey) : sayPromise(incident);
}
/** What a practice does now: what can be mended is the operator's to mend. */
export function sayPracticeHint(incident: Incident): string {
  return t(incident.detector === 'device_report' ? 'hint.practice_device' : 'hint.practice');
}
/** What the operator does now; '' when nothing is known to help. */
export function sayHint(incident: Incident): string {
  const kind = kindOf(incident);
  return kind ? t(`hint.${kind}` satisfies IncidentKey) : '';
}
export function sayPromise(incident: Incident): string {
  return t(`promise.${incident.promise}` satisfies IncidentKey);
}

export function saySpan(incident: Incident): string {
  const zone = deviceZone();
  const from = sayMoment(incident.began_at, zone);
  if (incident.ended_at === null) return t('since', { moment: from });
  return t('span', { from, until: sayMoment(incident.ended_at, zone) });
}

/** « Cabinet du Port · 2 textes » */
export function sayConcerned(incident: Incident): string {
  const who = incident.practice_name ?? t('concerned.installation');
  return incident.revisions === 0 ? who : `${who} · ${t('concerned.revisions', { count: incident.revisions })}`;
}

export function sayCopies(copies: Operation['copies']): string {
  if (copies.copies < 2) return t('copies.one');
  return t(`copies.${copies.where}` satisfies IncidentKey, { count: copies.copies, machines: copies.machines });
}

/** The backup in one line, and whether it is as it should be. */
export function sayBackup(backup: NonNullable<Operation['backup']>): { sound: boolean; line: string } {
  const said = (moment: string) => ({ moment: sayMoment(moment, deviceZone()) });
  if (backup.failing_since) return { sound: false, line: t('backup.failing', said(backup.failing_since)) };
  if (!backup.newest_backup) return { sound: false, line: t('backup.none') };
  if (backup.has_gap) return { sound: false, line: t('backup.gap') };
  return { sound: true, line: t('backup.newest', said(backup.newest_backup)) };
}

/** What no detector ends by itself. */
export function isEndedByHand(incident: Incident): boolean {
  return incident.ended_at === null && ['device_report', 'verify'].includes(incident.detector);
}

type Fact = (value: unknown, facts: EvidenceFacts) => string[];

// By the names that the detectors give their facts, in the order in which they are read.
const sayings: Readonly<Record<string, Fact>> = {
  device_id: (value, facts) => [
    [t('evidence.device', { id: String(value) }), t('evidence.account', { id: String(facts['account_id']) })].join(' · '),
  ],
  missing: (value) => list(value).map((each) => sayRevision(each, t(each['acknowledged'] ? 'evidence.acknowledged' : 'evidence.claimed'))),
  different: (value) => list(value).map((each) => sayRevision(each, sayWhy(each['why']))),
  primary: (value) => list(value).map((each) => sayRevision(each, onCopy('primary', each))),
  standby: (value) => list(value).map((each) => sayRevision(each, onCopy('standby', each))),
  standby_asked: (value) => (value === false ? [t('evidence.standby_not_asked')] : []),
  missing_on_standby: (value) => [t('evidence.missing_on_standby', { count: Number(value) })],
  bound_s: (value) => [t('evidence.standby_away', { count: Number(value) })],
  copies: (value) => (Number(value) > 1 ? [t('evidence.standby_back')] : []),
  archive_failing_s: (value) => [t('evidence.archive_failing', { count: Number(value) })],
  waiting_segments: (value) => (Number(value) > 0 ? [t('evidence.waiting_segments', { count: Number(value) })] : []),
  archived: () => [t('evidence.archived')],
  lost: (value) => [t('evidence.lost', { count: Number(value) })],
  verified: () => [t('evidence.verified')],
  found_again: () => [t('evidence.found_again')],
  reason: (value) => [t('evidence.by_operator', { reason: String(value) })],
};

/** One piece of evidence as lines to read. */
export function sayEvidence(evidence: Evidence): string[] {
  return Object.entries(sayings).flatMap(([name, say]) =>
    name in evidence.facts ? say(evidence.facts[name], evidence.facts) : [],
  );
}

function list(value: unknown): EvidenceFacts[] {
  return Array.isArray(value) ? value : [];
}

function sayRevision(named: EvidenceFacts, what: string): string {
  const revision = t('evidence.revision', { id: String(named['revision_id']) });
  const consultation = named['consultation_id'];
  const where = consultation ? `, ${t('evidence.consultation', { id: String(consultation) })}` : '';
  return `${revision}${where} — ${what}`;
}

const reasons = [
  'digest_changed',
  'digest_differs',
  'heads_differ',
  'key_does_not_open',
  'not_opened',
  'out_of_order',
  'subject_missing',
  'text_changed',
  'text_does_not_open',
] as const;

function sayWhy(why: unknown): string {
  const reason = reasons.find((each) => each === why);
  return reason ? t(`why.${reason}` satisfies IncidentKey) : String(why);
}

function onCopy(copy: string, failed: EvidenceFacts): string {
  return t('evidence.failed_on', { copy, why: sayWhy(failed['why']) });
}
