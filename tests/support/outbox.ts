import pg from 'pg';
import type { Database } from '../../src/db/client.ts';
import type { MailOutbox } from '../../src/db/generated/client.ts';
import type { Jobs } from '../../src/jobs/jobs.ts';
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

type Draft = { toAddress?: string; subject?: string; messageId?: string };

/** Writes a mail into the outbox and queues it, in one transaction, as a change does; `fail` rolls both back. */
export async function writeMail(
  database: Database,
  jobs: Pick<Jobs, 'queueMails'>,
  draft: Draft = {},
  fail = false,
): Promise<number> {
  return database.prisma.$transaction(async (tx) => {
    await tx.$queryRaw`select set_config('seb.organisations', '*', true)`;
    const { id } = await tx.mailOutbox.create({
      data: {
        messageId: draft.messageId ?? `<${randomUUID()}@seb>`,
        kind: 'test',
        toName: 'Åse Østergård',
        toAddress: draft.toAddress ?? 'aase@region.example',
        subject: draft.subject ?? 'Din e-mailadresse er ændret på SEB',
        text: 'Hej Åse\n\n.\nBlåbærgrød\n',
        html: '<p>Blåbærgrød</p>',
      },
      select: { id: true },
    });
    await jobs.queueMails(tx, [id]);
    if (fail) throw new Error('the change fails after its mail');
    return id;
  });
}

export async function outboxRow(database: Database, id: number): Promise<MailOutbox | null> {
  return database.prisma.$transaction(async (tx) => {
    await tx.$queryRaw`select set_config('seb.organisations', '*', true)`;
    return tx.mailOutbox.findUnique({ where: { id } });
  });
}

/** Waits until the row is as wished; the message of the failure shows the row as it is. */
export async function untilRow(
  database: Database,
  id: number,
  wished: (row: MailOutbox) => boolean,
): Promise<MailOutbox> {
  for (let tries = 0; ; tries += 1) {
    const row = await outboxRow(database, id);
    if (row && wished(row)) return row;
    if (tries === 150) throw new Error(`The mail never came so far: ${JSON.stringify(row)}`);
    await wait(100);
  }
}

/** Runs one statement as the owner: for what only time does otherwise. */
export async function asOwner(
  ownerUrl: string,
  statement: string,
  values: unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement, values)).rows;
  } finally {
    await client.end();
  }
}
