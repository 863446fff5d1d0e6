import { must, template } from '../mail-template.ts';

/** What is told of whom logins are taken from. */
export const identityProviderTemplates = {
  'identityProvider.changed': template({
    title: 'En identitetsudbyder er ændret',
    about:
      'Til de andre systemejere, når en identitetsudbyder er oprettet, ændret, slået til eller fra, og når dens certifikater eller adresser er andre.',
    placeholders: { udbyder: must('Identitetsudbyderens navn', 'Region Eksempel') },
    text: {
      subject: 'SEB – identitetsudbyderen {udbyder} er ændret',
      opening: 'Hvem SEB tager imod logins fra, er ændret: {udbyder}.',
      link: 'Se identitetsudbyderen',
      closing:
        'Er det ikke aftalt, så slå identitetsudbyderen fra med det samme, og kontakt servicedesk og de andre systemejere.',
    },
    facts: [
      ['Ændring', 'Birgitte Ahlgreen slog identitetsudbyderen Region Eksempel (region-eksempel) til.'],
      ['Ændret af', 'Birgitte Ahlgreen'],
      ['Tidspunkt', '21-11-2026 kl. 14.14'],
    ],
  }),
} as const;
