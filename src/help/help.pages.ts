import type { Page } from '../pages/page.ts';
import { home, page } from '../pages/page.ts';
import type { PortalName } from '../pages/services.ts';
import type { Support } from '../services/service.ts';
import { supportOf } from '../services/services.pages.ts';
import { readMarkup } from '../shared/markup.ts';
import { counted } from '../shared/text.ts';
import type { SystemSettings } from '../system-settings/setting.ts';

export const helpPath = '/hjaelp';

/** The pages of the help, in the order of its front page; each has a view of its own. */
const topics = [
  {
    slug: 'log-paa',
    view: 'help/log-in',
    title: 'Log på',
    about: 'MitID Erhverv, lokal IdP og hvad du gør, når det ikke virker.',
  },
  {
    slug: 'adgang',
    view: 'help/access',
    title: 'Få adgang',
    about: 'Vejen ind for en ny organisation, en ny medarbejder og en ny service.',
  },
  {
    slug: 'anmodninger',
    view: 'help/requests',
    title: 'Anmodninger om adgang',
    about: 'Sådan anmoder du, sådan svarer en administrator, og hvad der sker, hvis ingen svarer.',
  },
  {
    slug: 'rid-og-uuid',
    view: 'help/rid-uuid',
    title: 'Find RID-nummer og UUID',
    about: 'Hvad de er, og hvor de står i MitID Erhverv.',
  },
  {
    slug: 'administratorer',
    view: 'help/administrators',
    title: 'De tre slags administratorer',
    about: 'Hvad organisationsadministratorer, brugeradministratorer og read-only administratorer kan.',
  },
  {
    slug: 'sor-koder',
    view: 'help/sor',
    title: 'SOR-koder og omfang',
    about: 'Hvor en rolle gælder: placering, underenheder og “Ikke relevant for rollen (0)”.',
  },
  {
    slug: 'fratraedelse',
    view: 'help/departure',
    title: 'Når en medarbejder stopper',
    about: 'Fratrædelse, spærring og sletning, og hvad du skal huske uden for SEB.',
  },
  {
    slug: 'kontakt',
    view: 'help/contact',
    title: 'Kontakt servicedesk',
    about: 'Telefon, mail, vagttelefon, testmiljø og driftsstatus for MitID.',
  },
] as const;

export type HelpFacts = { settings: SystemSettings; origins: Record<PortalName, string>; supports: ServiceSupport[] };
type ServiceSupport = Support & { code: string; name: string };

/** Its support is a text of the settings, which says more than the fields of a service hold. */
const toldByText = 'dnhf';

export function helpIndexPage(): Page {
  const rows = topics.map(({ slug, title, about }) => ({ title, about, href: `${helpPath}/${slug}` }));
  return page('help/index', 'Hjælp', { rows }, [home]);
}

/** Null when there is no such page. */
export function helpTopicPage(slug: string, { settings, origins, supports }: HelpFacts): Page | null {
  const topic = topics.find((one) => one.slug === slug);
  if (topic === undefined) return null;
  const model = {
    title: topic.title,
    contact: settings.contact,
    addresses: { ...settings.addresses, sebadmin: origins.sebadmin, sebanmod: origins.sebanmod },
    dnhf: readMarkup(settings.dnhf.text),
    supports: supports
      .filter(({ code }) => code !== toldByText)
      .map((service) => ({ name: service.name, support: supportOf(service) }))
      .filter(({ support }) => support !== null),
    // The colours that the lists of administrators have.
    kindClasses: {
      organisation: 'seb-admin-ORGANISATION',
      user: 'seb-admin-USER',
      readOnly: 'seb-admin-READ_ONLY',
    },
    waiting: waitingText(settings.requests),
    next: nextOf(topic.slug),
  };
  return page(topic.view, topic.title, model, [home, { label: 'Hjælp', href: helpPath }]);
}

function waitingText({ others, organisationAdministrators, servicedesk }: SystemSettings['requests']) {
  const days = (count: string): string => counted(Number(count), 'arbejdsdag', 'arbejdsdage');
  return {
    others: days(others),
    organisationAdministrators: days(organisationAdministrators),
    servicedesk: days(servicedesk),
  };
}

function nextOf(slug: string): { title: string; href: string } | null {
  const next = topics[topics.findIndex((one) => one.slug === slug) + 1];
  return next === undefined ? null : { title: next.title, href: `${helpPath}/${next.slug}` };
}
