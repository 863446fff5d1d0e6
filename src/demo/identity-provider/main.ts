// Starts the test identity provider as a process of its own: `node src/demo/identity-provider/main.ts`.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readConfig } from '../../config.ts';
import type { Config } from '../../config.ts';
import { ensureDevKeys } from '../../sign-in/dev-keys.ts';
import { ACS_PATH } from '../../sign-in/saml/service-provider.ts';
import { close, listen } from '../web/demo-site.ts';
import type { KnownService } from './authn-request.ts';
import { identityProviderSite } from './site.ts';

const config = readConfig(process.env);
if (config.demo.mode === 'off') throw new Error('The test identity provider signs anybody in: it needs SEB_DEMO');
const keys = await ensureDevKeys(path.join(config.dataDir, 'saml'));
const { idpUrl, idpPort } = config.demo;
const app = identityProviderSite({ idpUrl, keys, services: await knownServices(config) });
const server = await listen(app, idpPort, config.listenHost);
process.stdout.write(`Test identity provider: ${idpUrl.href}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void close(server));

async function knownServices({ saml, sebadminUrl, sebanmodUrl }: Config): Promise<KnownService[]> {
  const signingCertificate = await readFile(saml.signing[0]?.certFile ?? '', 'utf8');
  const encryptionCertificate = await readFile(saml.encryption[0]?.certFile ?? '', 'utf8');
  const portals = [
    { name: 'SEB Brugeradministration', url: sebadminUrl, entityId: saml.entityIdSebadmin },
    { name: 'SEB Anmodning', url: sebanmodUrl, entityId: saml.entityIdSebanmod },
  ];
  return portals.map(({ name, url, entityId }) => {
    return { name, entityId, acsUrl: new URL(ACS_PATH, url).href, signingCertificate, encryptionCertificate };
  });
}
