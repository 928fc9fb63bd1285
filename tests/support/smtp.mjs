// A small SMTP server on loopback: keeps what it takes, and answers RCPT TO as told, one answer a letter, then 250.
import net from 'node:net';

export class SmtpServer {
  constructor({ recipientAnswers = [] } = {}) {
    this.recipientAnswers = [...recipientAnswers];
    this.letters = [];
    this.asked = 0;
  }

  async start() {
    this.listener = net.createServer((socket) => this.converse(socket));
    await new Promise((resolve) => this.listener.listen(0, '127.0.0.1', resolve));
    this.url = `smtp://127.0.0.1:${this.listener.address().port}`;
    return this;
  }

  stop() {
    return new Promise((resolve) => this.listener.close(resolve));
  }

  converse(socket) {
    const say = (line) => socket.write(`${line}\r\n`);
    const letter = { to: [] };
    let waiting = '';
    let inMessage = false;
    const take = (line) => {
      if (inMessage) {
        if (line !== '.') letter.message = `${letter.message ?? ''}${line.replace(/^\./, '')}\r\n`;
        else {
          inMessage = false;
          this.letters.push(letter);
          say('250 taken');
        }
        return;
      }
      const command = line.slice(0, 4).toUpperCase();
      if (command === 'RCPT') {
        this.asked += 1;
        letter.to.push(/<(.*)>/.exec(line)[1]);
        say(this.recipientAnswers.shift() ?? '250 ok');
      } else if (command === 'DATA') {
        inMessage = true;
        say('354 go on');
      } else if (command === 'QUIT') {
        say('221 bye');
        socket.end();
      } else {
        say(command === 'EHLO' ? '250 127.0.0.1' : '250 ok');
      }
    };
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      waiting += chunk;
      for (let end = waiting.indexOf('\r\n'); end >= 0; end = waiting.indexOf('\r\n')) {
        const line = waiting.slice(0, end);
        waiting = waiting.slice(end + 2);
        take(line);
      }
    });
    say('220 127.0.0.1 ESMTP');
  }
}

/** The text of a quoted-printable part. */
export function readable(message) {
  const part = message.split('Content-Transfer-Encoding: quoted-printable\r\n')[1].split('\r\n\r\n').slice(1).join('\r\n\r\n');
  const text = part.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(text, 'latin1').toString('utf8');
}
