import type { Page } from '../pages/page.ts';
import { page } from '../pages/page.ts';
import type { Contact } from '../pages/services.ts';
import type { IdentityProvider } from './identity-providers.ts';
import type { LogoutStatus } from './saml/logout-messages.ts';

type SignedOut = { remembered: IdentityProvider | null; provider: IdentityProvider | null; ended: LogoutStatus | null };

/** Where logging off ends: here alone, at the provider too, or only partly there. */
export function signedOutPage({ remembered, provider, ended }: SignedOut): Page {
  const told = provider === null ? null : ended;
  const title = told === 'partial' ? 'Du er logget af SEB, men måske ikke alle steder' : 'Du er logget af';
  return page('sign-in/signed-out', title, {
    title,
    remembered: remembered?.name ?? null,
    provider: provider?.name ?? null,
    isComplete: told === 'complete',
    isPartial: told === 'partial',
  });
}

/** A message about logging out that was not believed: it changed nothing. */
export function refusedLogoutPage(contact: Contact, reference: string): Page {
  return {
    ...page('sign-in/logout-refused', 'Beskeden om at logge af blev afvist', { contact, reference }),
    status: 400,
  };
}
