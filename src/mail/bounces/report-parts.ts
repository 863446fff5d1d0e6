/** What a mail server reports about one of our mails; each of our mails has one recipient. */
export type DeliveryReport = {
  /** The Message-ID that the report names, as its envelope id or in the head of the mail that came back. */
  messageId: string;
  outcome: 'failed' | 'underway' | 'arrived';
  /** Enhanced status code (RFC 3463), e.g. 5.1.1. */
  status: string | null;
  /** What the server said, one line. */
  diagnostic: string;
};

/** Header lines by their name in small letters; a line that begins with white space goes on with the one before. */
export function fieldsOf(block: string): Map<string, string> {
  const whole = block.replace(/\r?\n[ \t]+/g, ' ');
  const fields = [...whole.matchAll(/^([A-Za-z-]{1,60}):(.*)$/gm)];
  return new Map(fields.map(([, name = '', value = '']) => [name.toLowerCase(), value.trim()]));
}

/** The Message-ID in the head of a mail that came back. */
export function returnedMessageId(returned: string): string | null {
  const [head = ''] = returned.split(/\r?\n\r?\n/);
  return ourMessageId(fieldsOf(head).get('message-id'));
}

/** As `writeMails` makes them; anything else is a mail of somebody else. */
export function ourMessageId(text: string | undefined): string | null {
  const id = /^<?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}@seb)>?$/i.exec(text?.trim() ?? '')?.[1];
  return id === undefined ? null : `<${id.toLowerCase()}>`;
}

/** Never a part of an address like 5.1.1.10. */
export function statusIn(text: string): string | null {
  return /(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?!\.?\d)/.exec(text)?.[0] ?? null;
}
