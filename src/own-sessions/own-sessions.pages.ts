import { levelName } from '../access-check/access-facts.ts';
import type { Page } from '../pages/page.ts';
import { home, page } from '../pages/page.ts';
import type { PortalName } from '../pages/services.ts';
import type { Person } from '../permissions/actor.ts';
import { isUser } from '../permissions/actor.ts';
import { formatDateTime } from '../shared/dates.ts';
import type { OwnSession } from './own-sessions.queries.ts';

export const ownSessionsPath = '/mine-sessioner';

/** Where one is logged in, this place first. */
export function ownSessionsPage(
  { person, sessions, here }: { person: Person; sessions: readonly OwnSession[]; here: string },
  portals: Record<PortalName, string>,
): Page {
  const model = (session: OwnSession) => sessionModel(session, portals);
  const others = sessions.filter(({ row }) => row !== here);
  return page(
    'own-sessions/index',
    'Her er du logget på',
    {
      here: sessions.filter(({ row }) => row === here).map(model),
      others: others.map(model),
      paths: { form: ownSessionsPath },
    },
    isUser(person) ? [home, { label: 'Mine oplysninger', href: '/mine-oplysninger' }] : [home],
  );
}

function sessionModel({ reference, signedIn, usedAt }: OwnSession, portals: Record<PortalName, string>) {
  const { browser, portal, loginAt, providerName, level } = signedIn;
  return {
    reference,
    browser,
    portal: portals[portal as PortalName] ?? portal,
    loggedInAt: formatDateTime(new Date(loginAt)),
    usedAt: formatDateTime(new Date(usedAt)),
    signedInBy: providerName,
    level: levelName(level),
  };
}
