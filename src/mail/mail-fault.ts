/** Why mails to an address do not come through, as `mail_fault_of` tells it. */
export type MailFault = { how: 'REFUSED' | 'BOUNCED'; status: string | null; since: string };

const reasons: readonly (readonly [code: RegExp, text: string])[] = [
  [/^5\.1\./, 'adressen findes ikke hos modtagerens mailserver'],
  [/^[45]\.2\.1$/, 'postkassen er lukket'],
  [/^[45]\.2\.2$/, 'postkassen er fuld'],
  [/^[45]\.4\./, 'modtagerens mailserver kunne ikke nås'],
  [/^5\.7\./, 'modtagerens mailserver afviser mails fra SEB'],
];

/** “Mails til adressen er ikke kommet frem siden 28-11-2026: adressen findes ikke hos modtagerens mailserver.” */
export function mailFaultText({ how, status, since }: MailFault): string {
  const known = reasons.find(([code]) => code.test(status ?? ''))?.[1];
  const otherwise = how === 'REFUSED' ? 'modtagerens mailserver afviser adressen' : 'de er kommet retur';
  return `Mails til adressen er ikke kommet frem siden ${since}: ${known ?? otherwise}.`;
}
