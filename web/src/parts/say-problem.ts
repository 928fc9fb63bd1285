// The sentence for a refusal. The server words its own; the client words what never reached it.
import { codeOffline, codeUnreadable, type Problem } from '../api/problem';
import { t } from '../words/words.svelte';

export function sayProblem(problem: Problem): string {
  if (problem.code === codeOffline) return t('problem.offline');
  if (problem.code === codeUnreadable) return t('problem.unreadable');
  return problem.detail || problem.title || (problem.status === 503 ? t('problem.unavailable') : t('problem.unreadable'));
}
