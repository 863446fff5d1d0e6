import { randomBytes } from 'node:crypto';
import { mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import PostalMime from 'postal-mime';
import type { Address, Email } from 'postal-mime';

export type StoredMail = {
  id: string;
  received: Date;
  from: string;
  to: string[];
  subject: string;
  text: string;
  html: string | null;
};

/** The mails that arrived, newest first; each is kept as an .eml file, so that a restart forgets none. */
export type MailStore = {
  add(raw: Buffer, recipients: string[]): Promise<StoredMail>;
  find(id: string): StoredMail | null;
  /** Mails that hold every word of the query in sender, recipient, subject or text. */
  search(query: string): StoredMail[];
};

const ENDING = '.eml';
// The envelope's recipients, blind copies included, stand in the file's head where the mail itself leaves them out.
const ENVELOPE_HEADER = 'X-Envelope-To';

export async function openMailStore(dir: string): Promise<MailStore> {
  await mkdir(dir, { recursive: true });
  const names = (await readdir(dir)).filter((name) => name.endsWith(ENDING)).toSorted();
  const mails: StoredMail[] = [];
  for (const name of names) mails.unshift(await readMail(name, await readFile(path.join(dir, name))));
  return {
    async add(raw, recipients) {
      const name = `${new Date().toISOString().replace(/[:.]/g, '-')}-${randomBytes(4).toString('hex')}${ENDING}`;
      const head = `${ENVELOPE_HEADER}: ${recipients.map(oneLine).join(', ')}\r\n`;
      const whole = Buffer.concat([Buffer.from(head), raw]);
      await writeWhole(path.join(dir, name), whole);
      const mail = await readMail(name, whole);
      mails.unshift(mail);
      return mail;
    },
    find: (id) => mails.find((mail) => mail.id === id) ?? null,
    search: (query) => mails.filter((mail) => matches(mail, query)),
  };
}

/** A file is there whole or not at all, also when the process is ended in between. */
async function writeWhole(file: string, content: Buffer): Promise<void> {
  await writeFile(`${file}.new`, content);
  await rename(`${file}.new`, file);
}

async function readMail(name: string, raw: Buffer): Promise<StoredMail> {
  const mail = await PostalMime.parse(raw);
  return {
    id: name.slice(0, -ENDING.length),
    received: receivedAt(name),
    from: mail.from ? addressText(mail.from) : '',
    to: recipientsOf(mail),
    subject: mail.subject ?? '',
    text: (mail.text ?? '').trim(),
    html: mail.html ?? null,
  };
}

function receivedAt(name: string): Date {
  const [, day, hours, minutes, seconds, millis] = /^(.{10})T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z/.exec(name) ?? [];
  const time = new Date(`${day}T${hours}:${minutes}:${seconds}.${millis}Z`);
  return Number.isNaN(time.getTime()) ? new Date(0) : time;
}

function recipientsOf(mail: Email): string[] {
  const named = [...(mail.to ?? []), ...(mail.cc ?? [])].map(addressText);
  const envelope = mail.headers.find(({ key }) => key === ENVELOPE_HEADER.toLowerCase())?.value ?? '';
  const unnamed = envelope.split(', ').filter((address) => address && !named.some((text) => text.includes(address)));
  return [...named, ...unnamed];
}

function addressText({ name, address }: Address): string {
  if (!address) return name;
  return name && name !== address ? `${name} <${address}>` : address;
}

function matches(mail: StoredMail, query: string): boolean {
  const text = folded([mail.from, ...mail.to, mail.subject, mail.text].join('\n'));
  return folded(query)
    .trim()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function folded(text: string): string {
  return text.normalize('NFC').toLocaleLowerCase('da');
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
