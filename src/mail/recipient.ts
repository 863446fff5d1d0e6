import { domainToASCII } from 'node:url';

export type Mailbox = { name: string; address: string };

// Quoted local parts, comments, lists and literals are how mail is led astray: none of them has a form here.
const plainAddress =
  /^[a-z0-9_'+&-]+(?:\.[a-z0-9_'+&-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/i;

/** The address as mail servers take it (the domain in ASCII form); null when it is anything but one plain address. */
export function plainMailAddress(text: string): string | null {
  const at = text.indexOf('@');
  if (at < 1 || at > 64 || text.length > 254) return null;
  const domain = text.slice(at + 1);
  // Only letters leave the conversion to us: what it reads as other characters must not become another domain.
  if (!/^[\p{L}\p{N}.-]+$/u.test(domain)) return null;
  const address = `${text.slice(0, at)}@${domainToASCII(domain)}`;
  return address.length <= 254 && plainAddress.test(address) ? address : null;
}

/** Text that stays on one line: control characters and line breaks become spaces. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}

/** The sender out of a setting such as "SEB <ingen-svar@example.dk>"; throws when it is not one plain address. */
export function parseSender(setting: string): Mailbox {
  const parts = /^(?<name>[^<>"]*)<(?<address>[^<>]+)>$/.exec(setting.trim())?.groups;
  const address = plainMailAddress(parts?.address?.trim() ?? setting.trim());
  if (address === null) throw new Error(`MAIL_FROM must look like SEB <ingen-svar@example.dk>, but is ${setting}`);
  return { name: oneLine(parts?.name ?? ''), address };
}
