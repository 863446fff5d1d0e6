import { finishLogin } from './finish-login.ts';
import type { FinishedLogin } from './finish-login.ts';
import { serviceProviderMetadata } from './metadata.ts';
import type { ServiceProviderOptions } from './service-provider-options.ts';
import { startLogin } from './start-login.ts';
import type { LoginStart, StartedLogin } from './start-login.ts';

/** Where a portal receives SAML responses, below its own address. */
export const ACS_PATH = '/saml/acs';

/** One portal as a SAML service provider. */
export type ServiceProvider = {
  startLogin(login: LoginStart): Promise<StartedLogin>;
  /** `pendingRequestId` comes from this browser's own cookie; null when it has none. */
  finishLogin(answer: { samlResponse: unknown; pendingRequestId: string | null }): Promise<FinishedLogin>;
  metadata(): string;
};

export function createServiceProvider(options: ServiceProviderOptions): ServiceProvider {
  return {
    startLogin: (login) => startLogin(options, login),
    finishLogin: (answer) => finishLogin(options, answer),
    metadata: () => serviceProviderMetadata(options),
  };
}
