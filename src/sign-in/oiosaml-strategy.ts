import type { Request } from 'express';
import { Strategy } from 'passport';
import { pendingRequestIds } from './pending-cookie.ts';
import type { AcceptedLogin } from './saml/finish-login.ts';
import type { ServiceProvider } from './saml/service-provider.ts';

/**
 * Passport's view of an OIOSAML login: success with the verified identity, fail with the reason. It never redirects and
 * keeps no session: both are the portal's, after the identity has become a user.
 */
export class OiosamlStrategy extends Strategy {
  override readonly name = 'oiosaml';
  readonly serviceProvider: ServiceProvider;

  constructor(serviceProvider: ServiceProvider) {
    super();
    this.serviceProvider = serviceProvider;
  }

  override async authenticate(req: Request): Promise<void> {
    try {
      const body = req.body as { SAMLResponse?: unknown } | undefined;
      const answer = { samlResponse: body?.SAMLResponse, pendingRequestIds: pendingRequestIds(req) };
      const finished = await this.serviceProvider.finishLogin(answer);
      if (finished.outcome === 'accepted') this.success(finished as Express.User & AcceptedLogin);
      else this.fail(finished as never);
    } catch (error) {
      this.error(error);
    }
  }
}
