import { z } from 'zod';
import type { Company, CvrAnswer, CvrRegister } from './company.ts';

// The CVR distribution (distribution.virk.dk): an Elasticsearch index with one document a company.

export type DistributionSettings = {
  /** The address that is searched, e.g. http://distribution.virk.dk/cvr-permanent/virksomhed/_search */
  url: string;
  user: string;
  password: string;
  timeoutMs: number;
};

/** A company with hundreds of production units fills some hundred kilobytes; only a few fields are asked for. */
const mostBytes = 2_000_000;

const wanted = [
  'Vrvirksomhed.cvrNummer',
  'Vrvirksomhed.virksomhedMetadata',
  'Vrvirksomhed.livsforloeb',
  'Vrvirksomhed.virksomhedsstatus',
];

/** Asks the CVR distribution. A redirect is not followed: it would carry the credentials to somewhere else. */
export function cvrDistribution(settings: DistributionSettings): CvrRegister {
  return {
    async find(cvr) {
      try {
        return read(cvr, await ask(settings, cvr));
      } catch (error) {
        return { kind: 'unavailable', fault: faultOf(error, settings) };
      }
    },
  };
}

async function ask({ url, user, password, timeoutMs }: DistributionSettings, cvr: string): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
    },
    body: JSON.stringify({
      query: { term: { 'Vrvirksomhed.cvrNummer': Number(cvr) } },
      size: 1,
      _source: wanted,
    }),
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Fault(`it answers ${response.status}`);
  }
  return textOf(response);
}

/** Read piece by piece, so that an endless answer ends here. */
async function textOf(response: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    bytes += piece.byteLength;
    if (bytes > mostBytes) throw new Fault(`its answer is longer than ${mostBytes} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

const period = z.object({ gyldigFra: z.string().nullish(), gyldigTil: z.string().nullish() });
const address = z.object({
  vejnavn: z.string().nullish(),
  husnummerFra: z.number().nullish(),
  bogstavFra: z.string().nullish(),
  etage: z.string().nullish(),
  sidedoer: z.string().nullish(),
  postnummer: z.number().nullish(),
  postdistrikt: z.string().nullish(),
});
const answer = z.object({
  timed_out: z.boolean().optional(),
  hits: z.object({
    hits: z.array(
      z.object({
        _source: z.object({
          Vrvirksomhed: z.object({
            cvrNummer: z.int().min(0).max(99_999_999),
            livsforloeb: z.array(z.object({ periode: period })).optional(),
            virksomhedMetadata: z.object({
              nyesteNavn: z.object({ navn: z.string().min(1) }),
              sammensatStatus: z.string().nullish(),
              nyesteBeliggenhedsadresse: address.nullish(),
            }),
          }),
        }),
      }),
    ),
  }),
});
type Found = z.infer<typeof answer>['hits']['hits'][number]['_source']['Vrvirksomhed'];

function read(cvr: string, text: string): CvrAnswer {
  const parsed = answer.safeParse(jsonOf(text));
  if (!parsed.success) throw new Fault('its answer is not one of the CVR distribution');
  if (parsed.data.timed_out === true) throw new Fault('its search timed out');
  const [hit] = parsed.data.hits.hits;
  if (hit === undefined) return { kind: 'unknown' };
  const company = companyOf(hit._source.Vrvirksomhed);
  // Asked about one company and told of another: nothing of it is believed.
  if (company.cvr !== cvr) throw new Fault(`it tells of ${company.cvr} when asked for ${cvr}`);
  return { kind: 'found', company };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Fault('its answer is not JSON');
  }
}

function companyOf({ cvrNummer, virksomhedMetadata: metadata, livsforloeb = [] }: Found): Company {
  const ends = livsforloeb.map(({ periode }) => periode.gyldigTil ?? null);
  const endedOn = ends.length > 0 && ends.every((end) => end !== null) ? (ends.toSorted().at(-1) ?? null) : null;
  const status = clean(metadata.sammensatStatus ?? '', 100) || (endedOn === null ? 'Aktiv' : 'Ophørt');
  const name = clean(metadata.nyesteNavn.navn, 200);
  if (name === '') throw new Fault('the company has no name');
  return {
    cvr: String(cvrNummer).padStart(8, '0'),
    name,
    status,
    isCeased: endedOn !== null || ceasedStatus.test(status),
    ceasedOn: endedOn !== null && /^\d{4}-\d{2}-\d{2}$/.test(endedOn) ? endedOn : null,
    address: addressLine(metadata.nyesteBeliggenhedsadresse ?? null),
  };
}

// As the register writes them: "OPHØRT", "TVANGSOPLØST", "OPLØSTEFTERKONKURS", "Ophørt", "SLETTET" …
const ceasedStatus = /^(ophørt|opløst|tvangsopløst|slettet|opløstefter)/i;

function addressLine(found: z.infer<typeof address> | null): string | null {
  if (found === null) return null;
  const { vejnavn, husnummerFra, bogstavFra, etage, sidedoer, postnummer, postdistrikt } = found;
  const house = `${husnummerFra ?? ''}${bogstavFra ?? ''}`;
  const floor = [etage, sidedoer].filter(Boolean).join('. ');
  const street = [vejnavn, house].filter(Boolean).join(' ');
  const city = [postnummer?.toString().padStart(4, '0'), postdistrikt].filter(Boolean).join(' ');
  return clean([street, floor, city].filter(Boolean).join(', '), 200) || null;
}

/** One line without control characters, as the database takes it. */
function clean(text: string, longest: number): string {
  return text
    .normalize('NFC')
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, longest);
}

class Fault extends Error {}

/** The error's own words may hold the address with whatever stands in it, so only known ones are told. */
function faultOf(error: unknown, { timeoutMs }: DistributionSettings): string {
  if (error instanceof Fault) return error.message;
  const name = error instanceof Error ? error.name : 'unknown fault';
  if (name === 'TimeoutError') return `it did not answer within ${timeoutMs} ms`;
  const cause =
    error instanceof Error && error.cause instanceof Error ? (error.cause as { code?: unknown }).code : null;
  return `it cannot be reached (${typeof cause === 'string' ? cause : name})`;
}
