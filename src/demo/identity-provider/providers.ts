import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IdentityProvider } from '../../sign-in/identity-providers.ts';
import { demoProviders } from '../demo-people.ts';
import type { DemoProvider } from '../demo-people.ts';

/** The three providers that the test identity provider plays, as the application trusts them. */
export function demoIdentityProviders(idpUrl: string | URL, keysDir: string): IdentityProvider[] {
  return demoProviders.map((provider) => ({
    id: provider.id,
    name: provider.name,
    kind: provider.id === 'nemlog-in' ? 'nemlog-in' : 'local',
    entityId: entityIdOf(provider.id, idpUrl),
    ssoUrl: new URL(`/${provider.id}/sso`, idpUrl).href,
    sloUrl: new URL(`/${provider.id}/slo`, idpUrl).href,
    certificates: [readFileSync(join(keysDir, `idp-${provider.id}.cert.pem`), 'utf8')],
    allowedCvrs: provider.cvrs,
    minimumLevel: 'Substantial',
    attributeNames: {},
    nameIdFormats: ['persistent', 'transient'],
    cbcReason: null,
  }));
}

export function entityIdOf(id: DemoProvider['id'], idpUrl: string | URL): string {
  return new URL(`/${id}/metadata`, idpUrl).href;
}
