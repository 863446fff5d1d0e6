import { monitorEventLoopDelay } from 'node:perf_hooks';
import { SAML, ValidateInResponseTo } from '@node-saml/passport-saml';
import { attributesOf } from '../src/demo/identity-provider/login-claims.ts';
import type { OpenResponse, ResponseToOpen } from '../src/sign-in/saml/open-response.ts';
import { openResponse } from '../src/sign-in/saml/open-response.ts';
import { startResponseWorkers } from '../src/sign-in/saml/response-workers.ts';
import { checkEnvelope, readEnvelope } from '../src/sign-in/saml/response-envelope.ts';
import { aase, keys, makeResponse, nemlogIn, serviceProviderOptions } from '../tests/support/saml.ts';
import { median } from './cpu.ts';

/** Milliseconds of CPU for one login. */
export type LoginFigures = {
  ratio: number;
  ours: number;
  bare: number;
  /** What the thread that makes the pages spends, with the worker thread doing the rest. */
  blocking: number;
  /** The longest that the event loop stood still, but for the worst hundredth of all looks at it. */
  pause: number;
  perSecond: number;
  kilobytes: number;
};

/** Milliseconds between looks at the event loop. */
const lookEvery = 1;
const rounds = 7;
const logins = 30;

/** A response of OIOSAML's usual size with 25 privileges, opened by us with all checks and by node-saml alone. */
export async function measureLogin(): Promise<LoginFigures> {
  const options = serviceProviderOptions();
  const requestId = '_0123456789abcdef0123456789abcdef01234567';
  const attributes: [string, string][] = [
    ...attributesOf(aase),
    ['https://data.gov.dk/model/core/eid/privilegesIntermediate', privileges()],
  ];
  const samlResponse = makeResponse(options, requestId, { assertion: { attributes } });
  const { entityId, acsUrl } = options;
  const envelope = (now: Date) =>
    checkEnvelope(readEnvelope(samlResponse), { entityId: nemlogIn.entityId, acsUrl, now });
  const response = (): ResponseToOpen => {
    const now = new Date();
    return {
      encrypted: envelope(now),
      requestId,
      provider: {
        entityId: nemlogIn.entityId,
        certificates: [keys.nemlogIn.certificate],
        attributeNames: {},
        nameIdFormats: ['persistent', 'transient'],
        allowsCbc: false,
      },
      entityId,
      acsUrl,
      decryptionKeys: [keys.encryption.key],
      now,
    };
  };
  const nodeSaml = bareNodeSaml(entityId, acsUrl);
  const bare = async (): Promise<void> => {
    await nodeSaml.validatePostResponseAsync({ SAMLResponse: samlResponse });
  };
  const ours = opening(openResponse, response);
  const costs: { ours: number; bare: number }[] = [];
  for (let round = 0; round <= rounds; round += 1) costs.push({ bare: await cpuFor(bare), ours: await cpuFor(ours) });
  const [, ...counted] = costs; // the first warms up
  const kilobytes = samlResponse.length / 1000;
  return {
    ratio: median(counted.map((cost) => cost.ours / cost.bare)),
    ours: median(counted.map((cost) => cost.ours)),
    bare: median(counted.map((cost) => cost.bare)),
    ...(await measureWorker(response)),
    kilobytes,
  };
}

async function measureWorker(
  response: () => ResponseToOpen,
): Promise<Pick<LoginFigures, 'blocking' | 'pause' | 'perSecond'>> {
  const workers = startResponseWorkers();
  const open = opening(workers.openResponse, response);
  for (let time = 0; time < logins; time += 1) await open();
  const delay = monitorEventLoopDelay({ resolution: lookEvery });
  delay.enable();
  const before = process.threadCpuUsage();
  const begun = performance.now();
  const many = 200;
  let left = many;
  const inTurn = async (): Promise<void> => {
    while (left-- > 0) await open();
  };
  await Promise.all([inTurn(), inTurn(), inTurn(), inTurn()]);
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.threadCpuUsage(before);
  delay.disable();
  await workers.close();
  const pause = Math.max(0, delay.percentile(99) / 1e6 - lookEvery);
  return { blocking: (user + system) / 1000 / many, pause, perSecond: many / seconds };
}

function opening(open: OpenResponse, response: () => ResponseToOpen): () => Promise<void> {
  return async () => {
    const opened = await open(response());
    if (opened.outcome !== 'opened') throw new Error(`the bench's login was refused: ${opened.detail}`);
  };
}

async function cpuFor(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  for (let time = 0; time < logins; time += 1) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / logins;
}

function bareNodeSaml(entityId: string, acsUrl: string): SAML {
  return new SAML({
    idpCert: keys.nemlogIn.certificate,
    issuer: entityId,
    callbackUrl: acsUrl,
    decryptionPvk: keys.encryption.key,
    wantAssertionsSigned: true,
    wantAuthnResponseSigned: false,
    audience: entityId,
    acceptedClockSkewMs: 180_000,
    validateInResponseTo: ValidateInResponseTo.never,
  });
}

/** 25 groups as OIO-BPP writes them. */
function privileges(): string {
  const group = (number: number): string =>
    `<PrivilegeGroup Scope="urn:dk:gov:saml:cvrNumberIdentifier:39910012"><Constraint Name="urn:dk:gov:saml:sorIdentifier">${900_000_310_000_160 + number}</Constraint><Privilege>urn:dk:healthcare:national-federation-role:code:41003:value:Role${number}</Privilege></PrivilegeGroup>`;
  const list = Array.from({ length: 25 }, (_, number) => group(number)).join('');
  const xml = `<?xml version="1.0" encoding="UTF-8"?><bpp:PrivilegeList xmlns:bpp="http://digst.dk/oiosaml/basic_privilege_profile">${list}</bpp:PrivilegeList>`;
  return Buffer.from(xml).toString('base64');
}
