import { createHash } from 'node:crypto';

/** What a day's root says: so long was the chain, this was its hash, and so many of its events are of the day. */
export type Root = {
  /** yyyy-mm-dd, in Denmark */
  day: string;
  /** The sealed number of the last event. */
  lastSeq: bigint;
  /** The highest id of an event in the chain. */
  lastEventId: bigint;
  events: bigint;
  /** Hex. */
  hash: string;
  /** The digest of the root before, in hex; null for the first. */
  previous: string | null;
  keyId: string;
};

/** The text that is signed: one line of plain letters, which survives mails, telephones and paper. */
export function statementOf({ day, lastSeq, lastEventId, events, hash, previous, keyId }: Root): string {
  return `SEB-rod 1 dag=${day} nr=${lastSeq} id=${lastEventId} antal=${events} kaede=${hash} forrige=${previous ?? 'ingen'} noegle=${keyId}`;
}

export function rootWithSignature(statement: string, signature: Buffer): string {
  return `${statement} signatur=${signature.toString('base64url')}`;
}

export function digestOfStatement(statement: string): string {
  return createHash('sha256').update(statement, 'utf8').digest('hex');
}

const form =
  /SEB-rod1dag=(\d{4}-\d{2}-\d{2})nr=(\d{1,18})id=(\d{1,18})antal=(\d{1,18})kaede=([0-9a-f]{64})forrige=([0-9a-f]{64}|ingen)noegle=([\w-]{16})(?:signatur=([\w-]{86}))?/g;

export type GivenRoot = { root: Root; statement: string; signature: Buffer | null };

/** The roots in a text, e.g. of a mail; where its lines were broken does not matter. */
export function rootsIn(text: string): GivenRoot[] {
  return [...text.replaceAll(/\s+/g, '').matchAll(form)].map((match) => {
    const [, day = '', lastSeq = '', lastEventId = '', events = '', hash = '', previous = '', keyId = '', signature] =
      match;
    const root: Root = {
      day,
      lastSeq: BigInt(lastSeq),
      lastEventId: BigInt(lastEventId),
      events: BigInt(events),
      hash,
      previous: previous === 'ingen' ? null : previous,
      keyId,
    };
    return {
      root,
      statement: statementOf(root),
      signature: signature === undefined ? null : Buffer.from(signature, 'base64url'),
    };
  });
}
