// An S3-compatible store on loopback, over https with a certificate of its own making.
import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import S3rver from 's3rver';

const run = promisify(execFile);

/** Starts one with an empty bucket; `environment` are Manent's settings for it. */
export async function startStore(folder) {
  const [key, certificate, objects] = ['s3-key.pem', 's3-certificate.pem', 's3'].map((name) => path.join(folder, name));
  await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1',
    '-keyout', key, '-out', certificate]);
  await chmod(certificate, 0o644);
  await mkdir(objects);
  const store = new S3rver({
    address: '127.0.0.1', port: 0, silent: true, directory: objects, configureBuckets: [{ name: 'bucket' }],
    key: await readFile(key), cert: await readFile(certificate),
  });
  const { port } = await store.run();
  return {
    objects,
    environment: {
      // By its address: a name may first mean ::1, where nobody listens.
      MANENT_BACKUP_S3_ENDPOINT: `127.0.0.1:${port}`,
      MANENT_BACKUP_S3_BUCKET: 'bucket',
      // The pair that it knows without being told.
      MANENT_BACKUP_S3_KEY: 'S3RVER',
      MANENT_BACKUP_S3_SECRET: 'S3RVER',
      MANENT_BACKUP_S3_CA_FILE: certificate,
    },
    close: () => store.close(),
  };
}
