import type { Fact } from '../mail-template.ts';
import { lines, may, must, template } from '../mail-template.ts';

const what = must('Meddelelsens art og overskrift', 'Servicevindue: Opdatering af SEB');
const text = lines('Meddelelsens tekst', ['SEB kan ikke bruges i perioden.', 'Gem dit arbejde inden.']);
const title = may('Meddelelsens overskrift', 'Opdatering af SEB');
const noun = may('Servicevinduet eller Driftsmeddelelsen', 'Servicevinduet');
const told = { meddelelse: what, hvad: noun, overskrift: title, tekst: text };
const words = {
  link: 'Se driftsmeddelelsen',
  closing: 'Du får denne mail, fordi adressen er tilmeldt driftsmeddelelser fra SEB.',
};
const facts: readonly Fact[] = [
  ['Gælder', 'Hele SEB'],
  ['Periode', '05-12-2026 kl. 20.00 til kl. 22.00'],
];
const about = 'Til de adresser, der er tilmeldt driftsmeddelelser om det.';

/** What subscribers are told about Drift. */
export const statusTemplates = {
  'status.published': template({
    title: 'Ny driftsmeddelelse',
    about,
    placeholders: told,
    text: { subject: 'SEB – {meddelelse}', opening: '{tekst}', ...words },
    facts,
  }),
  'status.updated': template({
    title: 'En driftsmeddelelse er opdateret',
    about,
    placeholders: told,
    text: { subject: 'SEB – Opdateret: {meddelelse}', opening: '{tekst}', ...words },
    facts,
  }),
  'status.ended': template({
    title: 'En driftsmeddelelse er afsluttet',
    about,
    placeholders: told,
    text: { subject: 'SEB – Slut: {meddelelse}', opening: '{tekst}', ...words },
    facts,
  }),
  'status.cancelled': template({
    title: 'En driftsmeddelelse er aflyst',
    about,
    placeholders: told,
    text: {
      subject: 'SEB – Aflyst: {meddelelse}',
      opening: '{hvad} “{overskrift}” er aflyst.\n\n{tekst}',
      ...words,
    },
    facts,
  }),
  'status.over': template({
    title: 'En driftsmeddelelse er overstået',
    about: `${about} Sendes, når tiden er gået.`,
    placeholders: { ...told, tekst: { ...text, isRequired: false } },
    text: { subject: 'SEB – Overstået: {meddelelse}', opening: '{hvad} “{overskrift}” er overstået.', ...words },
    facts,
  }),
  'status.confirm': template({
    title: 'Bekræft tilmelding til driftsmeddelelser',
    about: 'Til en adresse, som nogen har skrevet på siden Drift.',
    placeholders: {},
    text: {
      subject: 'Bekræft din tilmelding til driftsmeddelelser fra SEB',
      opening: 'Nogen, sikkert dig, har bedt om, at denne adresse får driftsmeddelelser fra SEB.',
      link: 'Bekræft tilmeldingen',
      closing:
        'Linket virker i 48 timer. Har du ikke bedt om det, skal du ikke gøre noget: så får du ikke flere mails, og adressen bliver slettet.',
    },
  }),
} as const;
