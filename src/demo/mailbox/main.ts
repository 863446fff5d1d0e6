// Starts the mailbox as a process of its own: `node src/demo/mailbox/main.ts`.
import path from 'node:path';
import { readConfig } from '../../config.ts';
import { close, listen } from '../web/demo-site.ts';
import { openMailStore } from './mail-store.ts';
import { mailboxSite } from './site.ts';
import { receiveMail } from './smtp.ts';

const config = readConfig(process.env);
if (config.demo.mode === 'off') throw new Error('The mailbox shows mail to anybody: it needs SEB_DEMO');
const { mailUrl, mailPort, smtpPort } = config.demo;
const store = await openMailStore(path.join(config.dataDir, 'mailbox'));
const smtp = await receiveMail(store, smtpPort, config.listenHost);
const server = await listen(mailboxSite(store), mailPort, config.listenHost);
process.stdout.write(`Mailbox: ${mailUrl.href}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void Promise.all([close(server), smtp.close()]));
}
