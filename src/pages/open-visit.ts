import type { Posted } from '../http/forms.ts';
import type { PortalName, Services } from './services.ts';

/** One request for a page that is open to everyone. */
export type OpenVisit = {
  services: Services;
  portal: PortalName;
  params: Record<string, string>;
  query: Posted;
  posted: Posted;
  /** Path and query of this page. */
  url: string;
  /** What a limit counts by: an address, or a whole /64 of IPv6. */
  network: string;
};
