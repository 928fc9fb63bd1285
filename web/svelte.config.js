// Svelte's options: runes everywhere, so that one way of holding state is used in all files.
export default {
  compilerOptions: { runes: true },
};
