import { randomUUID } from 'node:crypto';
import type { Flash } from '../http/cookies.ts';
import { formOwner } from '../http/form-draft.ts';
import type { Actor, Person } from '../permissions/actor.ts';
import { fullName, isUser, ownerOf } from '../permissions/actor.ts';
import { formatCvr } from '../shared/text.ts';
import type { Crumb, Page } from './page.ts';
import type { PortalName, Services } from './services.ts';

export type NavigationItem = { id: string; label: string; href: string };
export type Navigation = (actor: Actor, cvrInUrl: string | null) => NavigationItem[];

/** What the frame of a portal's pages is made of; its name is the system owner's to set. */
export type PortalFace = {
  name: PortalName;
  navigation: Navigation;
  /** The menu of an employee without a user; null: the portal lets none in. */
  employeeNavigation: NavigationItem[] | null;
};

export type Frame = {
  person: Person | null;
  cvrInUrl: string | null;
  path: string;
  csrf: string | null;
  /** Makes the token of a form that is open before login. */
  openToken: () => string;
  flash: Flash | null;
  draftIsBack: boolean;
};

/** Renders a page inside the portal's frame. */
export function renderPage(services: Services, face: PortalFace, frame: Frame, shown: Page): string {
  const form = formFields(services, frame);
  const body = services.views.render(shown.view, { ...shown.model, form });
  return services.views.render('layouts/page', { ...frameModel(services, face, frame, shown), form, body });
}

type FormFields = { csrf: string; owner: string; newKey: () => string; openToken: () => string };

/** What every form carries: the session's token, its own key, and for whom it was made. */
function formFields(services: Services, { person, csrf, openToken }: Frame): FormFields {
  return {
    csrf: csrf ?? '',
    openToken,
    // Signed when a form asks for it: most pages have none but that for logging off.
    get owner() {
      return person === null ? '' : formOwner(services.keys, ownerOf(person));
    },
    newKey: () => randomUUID(),
  };
}

function frameModel(services: Services, face: PortalFace, frame: Frame, shown: Page): object {
  const { person } = frame;
  const navigation = person === null ? [] : navigationOf(face, person, frame.cvrInUrl);
  return {
    title: shown.title,
    heading: services.settings.current().portals[face.name],
    environmentName: services.environmentName,
    contact: services.contact,
    person:
      person === null
        ? null
        : {
            name: fullName(person),
            organisation: `${person.organisationName}, CVR ${formatCvr(person.cvr)}`,
            isUser: isUser(person),
          },
    navigation: navigation.map((item) => ({ ...item, isCurrent: isCurrent(item, frame.path) })),
    crumbs: crumbsOf(shown),
    flash: frame.flash,
    draftIsBack: frame.draftIsBack,
  };
}

function navigationOf(face: PortalFace, person: Person, cvrInUrl: string | null): NavigationItem[] {
  return isUser(person) ? face.navigation(person, cvrInUrl) : (face.employeeNavigation ?? []);
}

function crumbsOf(shown: Page): { label: string; href: string | null }[] {
  const before: Crumb[] = shown.crumbs;
  return before.length === 0 ? [] : [...before, { label: shown.title, href: null }];
}

function isCurrent(item: NavigationItem, path: string): boolean {
  return item.href === path;
}
