// The disk under the data folder: a small ext4 in a file that lies in memory, mounted by root. It can be filled, and it can
// lose its power: then all that was not synced is gone, as with a real one. Without root it is a plain folder, which can do
// neither.
import { execFile } from 'node:child_process';
import { mkdir, rm, statfs, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const image_mb = 3000;
// FS_IOC_SHUTDOWN of linux/fs.h with EXT4_GOING_FLAGS_NOLOGFLUSH: nothing more reaches the device, not even the journal.
const power_off = 'open(my $disk, "<", $ARGV[0]) or die $!; my $how = pack("L", 2); ioctl($disk, 0x8004587d, $how) or die $!';

export class Disk {
  /** @param {string} folder of the campaign's own */
  constructor(folder) {
    this.folder = folder;
    this.memory = path.join(folder, 'memory');
    this.image = path.join(this.memory, 'image');
    this.mounted_at = path.join(folder, 'disk');
    this.data = path.join(this.mounted_at, 'data');
    this.is_real = false;
  }

  async prepare() {
    await mkdir(this.data, { recursive: true });
    await mkdir(this.memory);
    if (process.getuid() !== 0) return this;
    try {
      await run('mount', ['-t', 'tmpfs', '-o', `size=${image_mb + 1500}m,mode=755`, 'manent-campaign', this.memory]);
      await writeFile(this.image, '');
      await truncate(this.image, image_mb * 1024 * 1024);
      await run('mkfs.ext4', ['-q', '-F', '-m', '0', this.image]);
      await this.mount();
      this.is_real = true;
      await mkdir(this.data);
    } catch (refused) {
      process.stderr.write(`campaign: no disk of its own can be mounted here, so none is filled or cut off: ${refused.message}\n`);
    }
    return this;
  }

  // What is deleted is given back to memory at once.
  mount() {
    return run('mount', ['-o', 'loop,discard', this.image, this.mounted_at]);
  }

  /** All that was not synced is lost, and nothing can be read or written until `restorePower`. */
  cutPower() {
    return run('perl', ['-e', power_off, this.mounted_at]);
  }

  /** Only when no process has a file open on it any more. */
  async restorePower() {
    for (let tries = 0; ; ++tries) {
      try {
        await run('umount', [this.mounted_at]);
        break;
      } catch (busy) {
        if (tries > 100) throw busy;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
    // Mounted again before the last of it is gone, it would be the dead one.
    const held = async () => (await run('losetup', ['-j', this.image])).stdout !== '';
    for (let tries = 0; await held(); ++tries) {
      if (tries > 100) throw new Error('another mount namespace holds the disk that lost its power');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await this.mount();
    // Its deletion may not have been synced either.
    await this.drain();
  }

  /** Takes all room but `left` bytes. */
  async fill(left) {
    const { bavail, bsize } = await statfs(this.mounted_at);
    const size = Math.max(0, bavail * bsize - left);
    await run('fallocate', ['-l', String(size), path.join(this.mounted_at, 'filler')]).catch(() => {});
  }

  async drain() {
    await rm(path.join(this.mounted_at, 'filler'), { force: true });
  }

  async unmount() {
    if (this.is_real) await run('umount', ['-l', this.mounted_at]).catch(() => {});
    await run('umount', ['-l', this.memory]).catch(() => {});
  }

  async remove() {
    await this.unmount();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
  }
}
