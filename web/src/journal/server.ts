// What a journal asks of the server beside storing: its keys for this session, and comparing its receipts.
import { api } from '../api/client';
import type { Schemas } from '../api/types';
import { fromBase64Url } from './digest';
import type { SendReport } from './reports';
import { importReleased, type KeySource } from './vault';

/** `isPresent` says whether the account is the one signed in, by the server's own word. */
export function releasedKeys(isPresent: () => boolean): KeySource {
  return async (account, device_id) => {
    if (!isPresent()) return null;
    const body: Schemas['identity_journal_keys_request'] = { device_id };
    const answer = await api.post('/session/journal-keys', { body });
    // Another tab may have switched the person meanwhile: those keys are not for this journal.
    if (!answer.ok || answer.value.person_id !== account) return null;
    const wrapping = fromBase64Url(answer.value.wrapping_key);
    const history = fromBase64Url(answer.value.history_key);
    return wrapping === null || history === null ? null : importReleased(wrapping, history);
  };
}

export function deviceReports(isPresent: () => boolean): SendReport {
  return async (practice_id, report, closing) => {
    if (!isPresent() || report.revisions.length === 0) return null;
    const answer = await api.post(`/practices/${practice_id}/device-reports`, { body: report, keepalive: closing });
    return answer.ok ? answer.value : null;
  };
}
