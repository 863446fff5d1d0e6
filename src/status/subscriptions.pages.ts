import type { FieldErrors, Posted } from '../http/forms.ts';
import { typed, typedList } from '../http/forms.ts';
import { fieldOf } from '../pages/fields.ts';
import type { Page } from '../pages/page.ts';
import { page, rejected } from '../pages/page.ts';
import { statusCrumbs, statusPath } from './status.pages.ts';
import type { ServiceChoice } from './status.queries.ts';

/** Få driftsmeddelelser på mail. */
export function subscribePage(services: readonly ServiceChoice[], posted: Posted, errors: FieldErrors): Page {
  const look = { name: 'email', label: 'E-mailadresse', isRequired: true, inputmode: 'email' };
  const shown = page(
    'status/subscribe',
    'Få driftsmeddelelser på mail',
    {
      fields: [{ ...fieldOf(look, posted, errors), autocomplete: 'email' }],
      scope: typed(posted, 'omfang'),
      services: serviceBoxes(services, posted),
      errors: Object.entries(errors).map(([field, message]) => ({ field, message })),
      errorOf: errors,
      paths: { form: `${statusPath}/tilmeld`, back: statusPath },
    },
    statusCrumbs,
  );
  return Object.keys(errors).length === 0 ? shown : rejected(shown);
}

export type ServiceBox = ServiceChoice & { isTicked: boolean };

export function serviceBoxes(services: readonly ServiceChoice[], posted: Posted): ServiceBox[] {
  const ticked = new Set(typedList(posted, 'service'));
  return services.map((service) => ({ ...service, isTicked: ticked.has(String(service.id)) }));
}

/** A page with a button, since programs that look at a mail's links open them too. */
export function confirmPage(token: string): Page {
  const model = {
    title: 'Bekræft tilmeldingen',
    text: 'Tryk på knappen, så får adressen driftsmeddelelser fra SEB på mail.',
    button: 'Bekræft tilmeldingen',
    paths: { form: `${statusPath}/bekraeft/${token}` },
  };
  return page('status/answer-mail', model.title, model, statusCrumbs);
}

export function unsubscribePage(token: string): Page {
  const model = {
    title: 'Afmeld driftsmeddelelser',
    text: 'Tryk på knappen, så får adressen ikke flere mails. SEB sletter adressen med det samme.',
    button: 'Afmeld',
    paths: { form: `${statusPath}/afmeld/${token}` },
  };
  return page('status/answer-mail', model.title, model, statusCrumbs);
}

export function unsubscribedPage(wasThere: boolean): Page {
  const title = wasThere ? 'Adressen er afmeldt' : 'Der er ingen tilmelding bag linket';
  const text = wasThere
    ? 'Du får ikke flere driftsmeddelelser på mail, og SEB har slettet adressen.'
    : 'Adressen er sikkert afmeldt i forvejen. Får du stadig mails, så brug linket i den nyeste af dem.';
  return page('status/told', title, { title, text, paths: { status: statusPath } }, statusCrumbs);
}

export function unknownLinkPage(): Page {
  const title = 'Linket virker ikke længere';
  const text = 'Det er brugt, eller der er gået mere end 48 timer. Tilmeld adressen igen, så får du et nyt link.';
  return rejected(page('status/told', title, { title, text, paths: { status: statusPath } }, statusCrumbs), 409);
}
