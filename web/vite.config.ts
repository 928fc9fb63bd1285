// How the front end is built and served while developing. The output lands where the server looks for
// its static files; nothing is inlined as data: or as script, since the server's content policy is 'self'.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vitest/config';
import { precompress } from './tools/precompress.ts';
import { listFilesInWorker, worker_name } from './tools/service-worker.ts';

const serverPort = process.env['MANENT_PORT'] ?? '8080';
const server = `http://127.0.0.1:${serverPort}`;

// Few files rather than many small ones: they compress better together and take fewer trips. Each group
// is what one visit needs together; `npm run size` holds every page to its budget.
const chunks = [
  { name: 'svelte', test: /node_modules\/(svelte|esm-env|clsx)\// },
  {
    name: 'base',
    test: /src\/(api|parts)\/|src\/app\/(?!SignedIn)|src\/(router|navigation)|src\/words\/(words|dates|days|say)\b/,
  },
  { name: 'sign-in', test: /src\/(sign-in\/(?!Security|Qr)|app\/SignedIn|patient\/(FamilyForm|names))/ },
  {
    name: 'slots',
    test: /src\/patient\/(Practitioner|Slot|Motive|Site|CallButton|AppointmentRow|StateMark|initials|motives|links)/,
  },
  { name: 'find', test: /src\/patient\/(Home|Results|Search|Filter|Result|place|later|search)/ },
  { name: 'mine', test: /src\/patient\/(Appointment|Move|Family|Readers|cancelling)/ },
];

export default defineConfig({
  plugins: [svelte(), tailwindcss(), listFilesInWorker(), precompress()],
  build: {
    outDir: '../build/share/manent/web',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: true,
    rolldownOptions: {
      input: { index: 'index.html', [worker_name]: 'src/offline/service-worker.ts' },
      output: {
        advancedChunks: { groups: chunks },
        // Its address stays, for a worker is known by it.
        entryFileNames: (entry) => (entry.name === worker_name ? '[name].js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/api': {
        target: server,
        ws: true,
        changeOrigin: true,
        // The server compares Origin with its own address; while developing the page comes from Vite's.
        headers: { Origin: server },
      },
    },
  },
  test: {
    include: ['src/**/*.test.ts'],
    // A machine that compiles beside the tests is slow; no test waits for this long by itself.
    testTimeout: 30_000,
    environment: 'jsdom',
    environmentOptions: { jsdom: { url: 'http://localhost/' } },
  },
  // Without this, Svelte resolves to its server build under test and effects never run.
  resolve: process.env['VITEST'] ? { conditions: ['browser'] } : {},
});
