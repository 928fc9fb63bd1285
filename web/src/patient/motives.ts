// Which motives a patient may book, by whether the practitioner knows them already.
import type { Motive, Practitioner, PublicAgenda } from '../api/types';

/** `known` is 'true', 'false', or '' while nobody has said. */
export function admitted(motives: readonly Motive[], known: string): Motive[] {
  return motives.filter((each) => admits(each, known));
}

export function admits(motive: Motive, known: string): boolean {
  return motive.admits === 'both' || known === '' || (motive.admits === 'known') === (known === 'true');
}


/** The agenda of that identifier, or the first one with motives, or the first. */
export function agendaOf(practitioner: Practitioner, agendaId: string): PublicAgenda | null {
  return (
    practitioner.agendas.find((each) => each.agenda_id === agendaId) ??
    practitioner.agendas.find((each) => each.motives.length > 0) ??
    practitioner.agendas[0] ??
    null
  );
}
