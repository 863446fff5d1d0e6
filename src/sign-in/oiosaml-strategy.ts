import type { Request } from 'express';
import { Strategy } from 'passport';
import { readCookie } from '../http/cookies.ts';
import type { AcceptedLogin } from './saml/finish-login.ts';
import type { ServiceProvider } from './saml/service-provider.ts';

export const pendingCookie = 'seb-login';

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
      const answer = { samlResponse: body?.SAMLResponse, pendingRequestId: readCookie(req, pendingCookie) };
      const finished = await this.serviceProvider.finishLogin(answer);
      if (finished.outcome === 'accepted') this.success(finished as Express.User & AcceptedLogin);
      else this.fail(finished as never);
    } catch (error) {
      this.error(error);
    }
  }
}
