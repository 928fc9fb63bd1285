// Hears from the server that a day of an agenda changed. What is heard is a hint to read again; a
// reading every minute is the floor when the socket is away.

const firstPauseMs = 1_000;
const longestPauseMs = 30_000;
const readAgainMs = 60_000;
const gatherMs = 250;

interface Hint {
  kind: string;
  date?: string;
}

/** Follows one practice until the returned function is called. `changed` is told a date, or null for any. */
export function followPractice(practice_id: string, changed: (date: string | null) => void): () => void {
  let socket: WebSocket | null = null;
  let pause = firstPauseMs;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let gathering: ReturnType<typeof setTimeout> | undefined;
  let ended = false;

  // A busy minute brings many hints; the screen reads once for all of them.
  function hint(date: string | null): void {
    clearTimeout(gathering);
    gathering = setTimeout(() => changed(date), gatherMs);
  }
  function connect(): void {
    const address = new URL(`/api/v1/practices/${practice_id}/live`, window.location.href);
    address.protocol = address.protocol.replace('http', 'ws');
    socket = new WebSocket(address);
    socket.onmessage = (event) => {
      pause = firstPauseMs;
      const heard = readHint(event.data);
      if (heard?.kind === 'schedule_changed') hint(heard.date ?? null);
    };
    socket.onclose = () => {
      if (ended) return;
      timer = setTimeout(reconnect, pause * (0.5 + Math.random() / 2));
      pause = Math.min(pause * 2, longestPauseMs);
    };
  }
  function reconnect(): void {
    connect();
    hint(null);
  }

  connect();
  const floor = setInterval(() => document.visibilityState === 'visible' && hint(null), readAgainMs);
  return () => {
    ended = true;
    clearInterval(floor);
    clearTimeout(timer);
    clearTimeout(gathering);
    socket?.close();
  };
}

function readHint(data: unknown): Hint | null {
  try {
    return JSON.parse(String(data)) as Hint;
  } catch {
    return null;
  }
}
