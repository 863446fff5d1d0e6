import { afterAll, describe, expect, it } from 'vitest';
import { startResponseWorkers } from '../../src/sign-in/saml/response-workers.ts';
import { createServiceProvider } from '../../src/sign-in/saml/service-provider.ts';
import { Unavailable } from '../../src/shared/errors.ts';
import { XmlFault, parseXml } from '../../src/sign-in/saml/xml-tree.ts';
import { only } from '../support/sector.ts';
import { logIn, makeResponse, nemlogIn, serviceProviderOptions } from '../support/saml.ts';

const workers = startResponseWorkers();
const options = () => serviceProviderOptions({ openResponse: workers.openResponse });
afterAll(() => workers.close());

describe('responses opened in a worker thread', () => {
  it('are accepted and refused as they are here', async () => {
    const genuine = await logIn({}, nemlogIn, options());
    expect(genuine).toMatchObject({ outcome: 'accepted', identity: { cvr: '39910012', level: 'Substantial' } });
    const unsigned = await logIn({ sign: (xml) => xml }, nemlogIn, options());
    expect(unsigned).toMatchObject({ outcome: 'refused', reason: 'not-genuine' });
    const low = await logIn({ claims: { level: 'Low' } }, nemlogIn, options());
    expect(low).toMatchObject({ outcome: 'refused', reason: 'too-low-level', arrived: { level: 'Low' } });
  });

  it('of many at once are each judged for their own browser', async () => {
    const ours = options();
    const serviceProvider = createServiceProvider(ours);
    const finishing = Array.from({ length: 8 }, async (_, number) => {
      const { requestId } = await serviceProvider.startLogin({ provider: nemlogIn, returnTo: '/', forceAuthn: false });
      const samlResponse = makeResponse(ours, requestId, { claims: { rid: `rid-${number}` } });
      return serviceProvider.finishLogin({ samlResponse, pendingRequestIds: [requestId] });
    });
    const rids = (await Promise.all(finishing)).map((login) => login.outcome === 'accepted' && login.identity.rid);
    expect(rids).toEqual(Array.from({ length: 8 }, (_, number) => `rid-${number}`));
  });

  it('let nobody in when the thread cannot do it: the page says to come back', async () => {
    const notToBeSent = { now: () => new Date() } as never;
    await expect(workers.openResponse(notToBeSent)).rejects.toThrow(Unavailable);
  });
});

describe('long texts without markup', () => {
  const long = 'QUJD/+=\n'.repeat(200);

  it('are read as they stand, whatever the parser is spared', () => {
    const { children } = parseXml(`<r><a>${long}</a><b>${long}x y</b><c>\uE0000\uE000</c><d>${long}</d></r>`);
    expect(children.map(({ text }) => text)).toEqual([long, `${long}x y`, '\uE0000\uE000', long]);
    expect(parseXml(`<r><a>${long}</a><a>${long}2</a></r>`).children.map(({ text }) => text)).toEqual([
      long,
      `${long}2`,
    ]);
  });

  it('come back neither elsewhere nor changed', () => {
    const { children } = parseXml(`<r><a>${long}</a><b>&#xE000;0&#xE000;</b><c>x>${long}</c></r>`);
    expect(children.map(({ text }) => text)).toEqual([long, '\uE0000\uE000', `x>${long}`]);
    expect(only(parseXml(`<r><c>x>${long}</c></r>`).children).text).toBe(`x>${long}`);
  });

  it('hide no markup and no second text', () => {
    expect(() => parseXml(`<r a=">${long}<"/>`)).toThrow(XmlFault);
    expect(() => parseXml(`<r><a/>${long}<b/></r>`)).toThrow(XmlFault);
    expect(() => parseXml(`<r>${long}`)).toThrow(XmlFault);
  });
});
