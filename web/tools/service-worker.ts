// Writes the names of the build's hashed files into the service worker, which keeps them for offline use.
import type { Plugin } from 'vite';

export const worker_name = 'service-worker';

export function listFilesInWorker(): Plugin {
  return {
    name: 'manent-service-worker',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      // After everything else: only now do all files have their names.
      order: 'post',
      handler(_options, bundle) {
        const worker = bundle[`${worker_name}.js`];
        if (worker?.type !== 'chunk') this.error('the build has no service worker');
        if (worker.imports.length > 0) this.error('the service worker has to be one file');
        const names = Object.keys(bundle).filter((name) => name.startsWith('assets/')).sort();
        worker.code = worker.code.replaceAll('MANENT_FILES', JSON.stringify(names));
      },
    },
  };
}
