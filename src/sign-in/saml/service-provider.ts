import type { IdentityProvider } from '../identity-providers.ts';
import { finishLogin } from './finish-login.ts';
import type { FinishedLogin } from './finish-login.ts';
import type { LogoutSubject } from './logout-messages.ts';
import { serviceProviderMetadata } from './metadata.ts';
import type { LogoutRequest, PendingLogout, ReceivedLogout } from './receive-logout.ts';
import { receiveLogout } from './receive-logout.ts';
import type { ServiceProviderOptions } from './service-provider-options.ts';
import { startLogin } from './start-login.ts';
import type { LoginStart, StartedLogin } from './start-login.ts';
import type { StartedLogout } from './start-logout.ts';
import { answerLogout, startLogout } from './start-logout.ts';

/** Where a portal receives SAML responses, below its own address. */
export const ACS_PATH = '/saml/acs';

/** One portal as a SAML service provider. */
export type ServiceProvider = {
  entityId: string;
  startLogin(login: LoginStart): Promise<StartedLogin>;
  /** `pendingRequestIds` come from this browser's own cookie, one for each tab. */
  finishLogin(answer: { samlResponse: unknown; pendingRequestIds: readonly string[] }): Promise<FinishedLogin>;
  /** Asks the provider to end its session as well; null when it takes no such requests. */
  startLogout(provider: IdentityProvider, subject: LogoutSubject): StartedLogout | null;
  /** `query` is the raw query of the address; `pending` comes from this browser's own cookie. */
  receiveLogout(query: string, pending: PendingLogout | null): Promise<ReceivedLogout>;
  answerLogout(request: LogoutRequest): string | null;
  metadata(): string;
};

export function createServiceProvider(options: ServiceProviderOptions): ServiceProvider {
  return {
    entityId: options.entityId,
    startLogin: (login) => startLogin(options, login),
    finishLogin: (answer) => finishLogin(options, answer),
    startLogout: (provider, subject) => startLogout(options, provider, subject),
    receiveLogout: (query, pending) => receiveLogout(options, query, pending),
    answerLogout: (request) => answerLogout(options, request),
    metadata: () => serviceProviderMetadata(options),
  };
}
