import type { Page } from '../pages/page.ts';
import { page } from '../pages/page.ts';
import type { IdentityProvider } from './identity-providers.ts';

/**
 * On the way to an identity provider. A page, not a redirect: browsers hold a form's whole chain of redirects against
 * `form-action`, and the provider may lead on to sites that we cannot know (its other services at a logout, a broker at a
 * login). With a redirect the browser would stop there without a word.
 */
export function onwardPage(provider: Pick<IdentityProvider, 'name'>, address: string): Page {
  const title = `Du sendes videre til ${provider.name}`;
  return { ...page('sign-in/onward', title, { title, provider: provider.name, address }), onward: address };
}
