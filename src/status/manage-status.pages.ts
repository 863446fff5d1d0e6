import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed } from '../http/forms.ts';
import { dayField, fieldOf } from '../pages/fields.ts';
import type { Page } from '../pages/page.ts';
import { home, page, rejected } from '../pages/page.ts';
import { formatDate, formatTime } from '../shared/dates.ts';
import { effects, kindNames, severities, stateOf } from './status-message.ts';
import { messageModel, nextHref } from './status.pages.ts';
import type { Message, ServiceChoice } from './status.queries.ts';
import { historyPageSize } from './status.queries.ts';
import { serviceBoxes } from './subscriptions.pages.ts';

export const manageStatusPath = '/system/drift';
const crumbs = [home, { label: 'Drift', href: manageStatusPath }];

type Listed = { open: Message[]; old: Message[]; isFirstPage: boolean; subscribers: number };

/** The system owner's list: what is going on, planned and over. */
export function manageStatusPage({ open, old, isFirstPage, subscribers }: Listed): Page {
  const now = new Date();
  const shown = old.slice(0, historyPageSize);
  const rows = [...open, ...shown].map((message) => ({
    ...messageModel(message, now),
    href: `${manageStatusPath}/${message.id}`,
  }));
  const model = {
    rows,
    subscribers: subscribers.toLocaleString('da-DK'),
    first: isFirstPage ? null : manageStatusPath,
    next: old.length > historyPageSize ? nextHref(manageStatusPath, shown.at(-1)) : null,
    paths: { create: `${manageStatusPath}/opret`, status: '/drift' },
  };
  return page('status/manage', 'Drift', model, [home]);
}

type Form = { services: readonly ServiceChoice[]; posted: Posted; errors: FieldErrors };

/** Opret driftsmeddelelse. */
export function createMessagePage(form: Form): Page {
  const model = { ...formModel(form), paths: { form: `${manageStatusPath}/opret`, back: manageStatusPath } };
  return settled(page('status/create', 'Opret driftsmeddelelse', model, crumbs), form.errors);
}

/** One message: its thread, and while it is planned or going on the forms that update and end it. */
export function editMessagePage(message: Message, { isStale, ...form }: Form & { isStale: boolean }): Page {
  const now = new Date();
  const state = stateOf(message, now);
  const { posted, errors } = form;
  const endLook = { name: 'sluttekst', label: 'Hvad er der at sige?', isRequired: true, kind: 'text' } as const;
  const model = {
    ...formModel(form),
    message: messageModel(message, now),
    isOpen: state === 'ongoing' || state === 'planned',
    isPlanned: state === 'planned',
    isStale,
    endFields: [fieldOf(endLook, { sluttekst: typed(posted, 'sluttekst') || usualEnd(state === 'planned') }, errors)],
    version: String(isStale ? message.version : typed(posted, 'version') || message.version),
    paths: {
      form: `${manageStatusPath}/${message.id}`,
      end: `${manageStatusPath}/${message.id}/afslut`,
      back: manageStatusPath,
      status: `/drift/${message.id}`,
    },
  };
  const shown = page('status/edit', message.title, model, crumbs);
  return isStale ? rejected(shown, 409) : settled(shown, errors);
}

function usualEnd(isPlanned: boolean): string {
  return isPlanned ? 'Det planlagte bliver ikke til noget. Systemet kører som normalt.' : 'Systemet kører som normalt.';
}

function settled(shown: Page, errors: FieldErrors): Page {
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}

/** A message as if it had just been typed; the text is that of the next update, so it is empty. */
export function asTyped(message: Message): Posted {
  const { kind, title, severity, concernsAll, services, startsAt, endsAt } = message;
  return {
    type: kind,
    titel: title,
    tekst: '',
    alvor: severity,
    omfang: concernsAll ? 'alt' : 'services',
    service: services.map(({ id }) => String(id)),
    fradato: formatDate(startsAt),
    fratid: formatTime(startsAt),
    tildato: endsAt === null ? '' : formatDate(endsAt),
    tiltid: endsAt === null ? '' : formatTime(endsAt),
  };
}

function formModel({ services, posted, errors }: Form) {
  const field = (name: string, label: string, more: object = {}) => fieldOf({ name, label, ...more }, posted, errors);
  const clock = { inputmode: 'numeric', hint: 'tt.mm' };
  return {
    kind: typed(posted, 'type'),
    kinds: (['MESSAGE', 'WINDOW'] as const).map((value) => ({ value, label: kindNames[value] })),
    texts: [
      field('titel', 'Overskrift', { isRequired: true, hint: 'Fx SEB – Servicevindue fredag d. 11. april kl. 13-14' }),
      field('tekst', 'Tekst', { isRequired: true, kind: 'text', hint: 'Hvad sker der, og hvad skal man gøre?' }),
    ],
    severity: typed(posted, 'alvor'),
    severities: severities.map((value) => ({ value, label: effects[value] })),
    scope: typed(posted, 'omfang'),
    services: serviceBoxes(services, posted),
    starts: [dayField({ name: 'fradato', label: 'Fra dato' }, posted, errors), field('fratid', 'Fra kl.', clock)],
    ends: [dayField({ name: 'tildato', label: 'Til dato' }, posted, errors), field('tiltid', 'Til kl.', clock)],
    errors: Object.entries(errors).map(([name, message]) => ({ field: name, message })),
    errorOf: errors,
  };
}
