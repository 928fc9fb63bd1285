// The look that text fields, selects and comboboxes share.
interface Look {
  dense?: boolean | undefined;
  broken?: boolean | undefined;
  tall?: boolean | undefined;
}

export function control({ dense, broken, tall }: Look = {}): string {
  return [
    'w-full rounded border bg-sheet text-ink placeholder:text-muted',
    'focus-visible:outline-2 focus-visible:outline-offset-0 disabled:opacity-60',
    broken ? 'border-broken' : 'border-edge hover:border-action',
    dense ? 'min-h-8 px-2 text-13' : 'min-h-11 px-3 text-17',
    tall ? 'py-2' : '',
  ].join(' ');
}
