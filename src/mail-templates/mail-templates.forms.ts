import { z } from 'zod';
import { optionalLine, optionalText, wholeNumber } from '../http/forms.ts';
import type { MailText } from '../mail/mail-template.ts';
import { faultsOf, longest } from '../mail/mail-template.ts';
import type { TemplateName } from '../mail/templates.ts';
import { templateOf } from '../mail/templates.ts';

// What is too long, too short or unknown in this mail is told by faultsOf; this is how it is read.
const room = 2;
const line = (label: string, most: number) => optionalLine(label, most * room).transform((value) => value ?? '');
const text = (label: string, most: number) => optionalText(label, most * room).transform((value) => value ?? '');

/** The form of one mail's text: its fields, and which version was edited. */
export function mailTextForm(name: TemplateName): z.ZodType<{ version: number; text: MailText }, unknown> {
  return z
    .object({
      version: wholeNumber('Siden er for gammel. Åbn den igen, og skriv ændringen der'),
      subject: line('emne', longest.subject),
      opening: text('tekst', longest.opening),
      link: line('linkets tekst', longest.link),
      closing: text('afsluttende tekst', longest.closing),
    })
    .transform(({ version, ...given }, context) => {
      for (const [field, message] of Object.entries(faultsOf(templateOf(name), given)))
        context.addIssue({ code: 'custom', path: [field], message });
      return { version, text: given };
    });
}

export const restoreForm = z.object({
  version: wholeNumber('Siden er for gammel. Åbn den igen, og gendan derfra'),
});
