import { setTimeout as wait } from 'node:timers/promises';
import { deliveredTexts } from '../../src/mail/templates.ts';
import { runOrder } from '../../src/bulk-orders/run-order.changes.ts';
import { openDatabase } from '../../src/db/client.ts';
import { loadViews } from '../../src/http/views.ts';

/** Carries an order out in a process of its own, slowly, so that a test can kill it at any moment. */
const [url = '', orderId = '', pause = '0'] = process.argv.slice(2);
const database = openDatabase(url, 2);
const changes = { database, queueMails: () => wait(Number(pause)) };
const contact = { email: 'a@b.example', phone: '1', hours: 'altid' };
await runOrder(
  changes,
  { views: loadViews('views'), contact, texts: deliveredTexts, sebadminOrigin: 'http://x.example' },
  Number(orderId),
);
await database.close();
