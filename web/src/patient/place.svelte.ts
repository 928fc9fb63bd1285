// The place looked around: a commune or the device's position, remembered on this device for the next
// search. Only a choice is remembered, never a position.
import type { Place } from '../api/types';

export interface ChosenPlace {
  label: string;
  /** INSEE code of a commune, or '' when a position was taken. */
  place: string;
  latitude: string;
  longitude: string;
}

const storageKey = 'manent.place';

export function chosenFrom(place: Place): ChosenPlace {
  return { label: `${place.name} (${place.postal_code})`, place: place.insee, latitude: '', longitude: '' };
}

export function lastPlace(): ChosenPlace | null {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(storageKey) ?? 'null');
    return isChosen(value) ? value : null;
  } catch {
    return null;
  }
}

export function rememberPlace(chosen: ChosenPlace): void {
  if (!chosen.place) return;
  try {
    localStorage.setItem(storageKey, JSON.stringify(chosen));
  } catch {
    // Without storage the next search starts with an empty place.
  }
}

function isChosen(value: unknown): value is ChosenPlace {
  if (typeof value !== 'object' || value === null) return false;
  const { label, place } = value as Partial<ChosenPlace>;
  return typeof label === 'string' && typeof place === 'string' && place !== '';
}

/** The device's position, or null when it is refused or takes longer than ten seconds. */
export function locateDevice(): Promise<{ latitude: string; longitude: string } | null> {
  return new Promise((done) => {
    if (!navigator.geolocation) return done(null);
    navigator.geolocation.getCurrentPosition(
      // Three decimals are about 100 m: enough for "nearest first", and no more than that is sent.
      ({ coords }) => done({ latitude: coords.latitude.toFixed(3), longitude: coords.longitude.toFixed(3) }),
      () => done(null),
      { timeout: 10_000, maximumAge: 300_000 },
    );
  });
}
