import { event } from '../../audit/events.ts';
import { addDays } from './calendar.ts';
import type { Connection } from './rows.ts';

type DemoMessage = { title: string; startsAt: string; endsAt: string; texts: [at: string, text: string][] };

/** Two service windows that are over, on fixed days, and one that is planned five days from the day of seeding. */
export async function writeStatus(db: Connection, today: string): Promise<void> {
  const planned = addDays(today, 5);
  const messages: DemoMessage[] = [
    {
      title: 'SEB – Servicevindue 13. marts kl. 5-6.30',
      startsAt: '2026-03-13 05:00',
      endsAt: '2026-03-13 06:20',
      texts: [
        ['2026-03-08 10:02', 'SEB opdateres om morgenen den 13. marts. Du kan ikke logge på imens.'],
        ['2026-03-13 06:20', 'Servicevinduet er overstået. Systemet kører som normalt.'],
      ],
    },
    {
      title: 'SEB – Servicevindue 10. april kl. 13-14',
      startsAt: '2026-04-10 13:00',
      endsAt: '2026-04-10 14:00',
      texts: [
        [
          '2026-04-09 09:09',
          'SEB er nede i 20 minutter i løbet af servicevinduet. Kan du ikke logge på, så vent et øjeblik, og prøv igen.',
        ],
        ['2026-04-10 14:00', 'Servicevinduet er overstået. Systemet kører som normalt.'],
      ],
    },
    {
      title: 'SEB – Servicevindue på brugeradministrationen',
      startsAt: `${planned} 20:00`,
      endsAt: `${planned} 21:00`,
      texts: [
        [`${today} 00:00`, 'Brugeradministrationen kan svare langsomt. Adgang til de enkelte services er ikke berørt.'],
      ],
    },
  ];
  for (const message of messages) await writeMessage(db, message);
}

async function writeMessage(db: Connection, { title, startsAt, endsAt, texts }: DemoMessage): Promise<void> {
  const { rows } = await db.query<{ id: number }>(
    `insert into status_message (kind, title, severity, concerns_all, starts_at, ends_at, end_told_at, created_at)
     values ('WINDOW', $1, 'YELLOW', true, $2::timestamp, $3::timestamp, case when $3::timestamp < now() then now() end, $4::timestamp) returning id`,
    [title, startsAt, endsAt, texts[0]?.[0]],
  );
  const id = rows[0]?.id ?? 0;
  for (const [at, text] of texts)
    await db.query('insert into status_update (message_id, body, written_at) values ($1, $2, $3::timestamp)', [
      id,
      text,
      at,
    ]);
  const detail = {
    messageId: id,
    title,
    kind: 'WINDOW',
    severity: 'YELLOW',
    concerns: 'Hele SEB',
    period: startsAt,
  } as const;
  const told = event('statusMessage.published', { organisation: null, target: null }, detail);
  await db.query(
    `insert into audit_event (kind, actor_kind, actor_name, actor_role, detail) values ($1, 'OPERATOR', 'Demodata', 'Drift', $2)`,
    [told.kind, told.detail],
  );
}
