import { must, template } from '../mail-template.ts';

/** Mails about files of reports, to the one who ordered them. */
export const reportTemplates = {
  'report.ready': template({
    title: 'Din rapport er klar',
    about: 'Til den, der har bestilt en stor rapport som fil, når den er klar.',
    text: {
      subject: 'Din rapport er klar: {rapport}',
      opening: 'Rapporten, du har bestilt i SEB, er klar. Kun du kan hente den, og du skal være logget på.',
      link: 'Se rapporten i SEB',
    },
    placeholders: { rapport: must('Rapportens navn', 'Alle brugere i et CVR') },
    facts: [
      ['Rapport', 'Alle brugere i et CVR'],
      ['Form', 'Excel'],
      ['Antal rækker', '24.817'],
      ['Kan hentes til', '07-12-2026 kl. 09.15'],
    ],
  }),
  'report.stopped': template({
    title: 'Din rapport blev ikke lavet',
    about: 'Til den, der har bestilt en stor rapport som fil, når den ikke kunne laves.',
    text: {
      subject: 'Din rapport blev ikke lavet: {rapport}',
      opening: 'Rapporten, du har bestilt i SEB, blev ikke lavet. {grund}',
      link: 'Se rapporten i SEB',
    },
    placeholders: {
      rapport: must('Rapportens navn', 'Alle brugere i et CVR'),
      grund: must('Hvorfor, og hvad du kan gøre', 'Du har ikke længere rettighed til rapporten.'),
    },
    facts: [['Rapport', 'Alle brugere i et CVR']],
  }),
} as const;
