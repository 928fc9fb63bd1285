// A value that follows another one after it has stood still for a moment: what is asked of the server
// while a person types.
export function later<T>(value: () => T, pauseMs: number): { readonly current: T } {
  let settled = $state.raw(value());
  $effect(() => {
    const next = value();
    const timer = setTimeout(() => (settled = next), pauseMs);
    return () => clearTimeout(timer);
  });
  return {
    get current() {
      return settled;
    },
  };
}
