import type { StoredMail } from './mail-store.ts';

const PAGE_SIZE = 50;
const dayAndTime = new Intl.DateTimeFormat('da-DK', {
  dateStyle: 'medium',
  timeStyle: 'short',
  timeZone: 'Europe/Copenhagen',
});

export function listPage(mails: StoredMail[], query: string, pageNumber: number) {
  const pages = Math.max(1, Math.ceil(mails.length / PAGE_SIZE));
  const page = Math.min(Math.max(1, pageNumber), pages);
  const shown = mails.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE);
  const link = (to: number): string => `/?${new URLSearchParams({ q: query, side: String(to) })}`;
  return {
    title: 'Postkasse',
    query,
    summary: summary(mails.length, query),
    mails: shown.map((mail) => ({ ...summaryOf(mail), url: `/messages/${mail.id}` })),
    position: `Side ${page} af ${pages}`,
    newer: page > 1 ? link(page - 1) : null,
    older: page < pages ? link(page + 1) : null,
  };
}

export function mailPage(mail: StoredMail) {
  return {
    ...summaryOf(mail),
    title: mail.subject || '(uden emne)',
    parts: linked(mail.text),
    frameUrl: mail.html === null ? null : `/messages/${mail.id}/html`,
    sourceUrl: `/messages/${mail.id}/text`,
  };
}

/** Text cut at its web addresses, so that these can be shown as links. */
export function linked(text: string): { text: string; href: string | null }[] {
  return text
    .split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]])/)
    .filter((part) => part !== '')
    .map((part) => ({ text: part, href: /^https?:\/\//.test(part) && URL.canParse(part) ? part : null }));
}

function summaryOf(mail: StoredMail) {
  return {
    from: mail.from,
    to: mail.to.join(', '),
    subject: mail.subject || '(uden emne)',
    received: dayAndTime.format(mail.received),
  };
}

function summary(count: number, query: string): string {
  if (count === 0) return query ? 'Ingen mails passer til søgningen.' : 'Der er ingen mails endnu.';
  return count === 1 ? '1 mail' : `${count.toLocaleString('da-DK')} mails`;
}
