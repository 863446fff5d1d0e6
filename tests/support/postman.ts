import pino from 'pino';
import { openDatabase } from '../../src/db/client.ts';
import { startJobs } from '../../src/jobs/jobs.ts';

/** A process of its own that sends mails until it is killed. */
const [url, smtpUrl] = process.argv.slice(2);
if (!url || !smtpUrl) throw new Error('postman needs the addresses of the database and of the mail server');

const log = pino({ level: 'silent' });
await startJobs({ url, database: openDatabase(url, 2), smtpUrl, mailFrom: 'SEB <ingen-svar@seb.example>', log });
console.log('at work');
