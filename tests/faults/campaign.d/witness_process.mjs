// The outside witness: a process of its own with a file of its own, outside of every fault. It knows nothing of Manent. Each
// line it is told is on its disk (O_DSYNC) before it says so, and no client goes on before that.
// Arguments: the socket to listen on, the file to append to.
import { constants, openSync, writeSync } from 'node:fs';
import net from 'node:net';

const [address, file] = process.argv.slice(2);
const descriptor = openSync(file, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_DSYNC, 0o600);

net.createServer((socket) => {
  let unread = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk) => {
    unread += chunk;
    const end = unread.lastIndexOf('\n') + 1;
    if (end === 0) return;
    const whole = unread.slice(0, end);
    unread = unread.slice(end);
    writeSync(descriptor, whole);
    socket.write(`${whole.split('\n').length - 1}\n`);
  });
  // It lives as long as the campaign does.
  socket.on('close', () => process.exit(0));
  socket.on('error', () => process.exit(1));
}).listen(address, () => process.stdout.write('ready\n'));
