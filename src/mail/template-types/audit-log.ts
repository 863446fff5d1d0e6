import { may, must, template } from '../mail-template.ts';

/** Mails about the log itself, to the system owner. */
export const auditLogTemplates = {
  'audit.root': template({
    title: 'Loggen er forseglet',
    about: 'Til systemejeren hver nat, med roden for den dag, der er lukket.',
    text: {
      subject: 'SEB – loggen er forseglet til og med {dag}',
      opening:
        'SEB har forseglet loggen. Gem denne mail uden for SEB: med roden herunder kan I senere bevise, at intet er fjernet fra loggen.',
      link: 'Kontrollér loggen',
      closing: 'Mangler mailen en morgen, så er loggen ikke forseglet. Kontakt driften.',
    },
    placeholders: { dag: must('Den dag, der er lukket', '29-11-2026') },
    facts: [['29-11-2026 (412 hændelser)', 'SEB-rod 1 dag=2026-11-29 nr=4711 …']],
  }),
  'audit.faults': template({
    title: 'Loggen passer ikke med sine forseglinger',
    about: 'Til systemejeren, når en kontrol af loggen har fundet noget.',
    text: {
      subject: 'SEB – loggen passer ikke med sine forseglinger',
      opening:
        'SEB har kontrolleret loggen og fundet noget, der ikke passer ({antal}). Kontakt driften og sikkerhedsansvarlig nu.',
      link: 'Se kontrollen',
    },
    placeholders: { antal: may('Hvor meget der ikke passer', '1 fejl') },
    facts: [['1', 'Hændelse 4800 (nr. 4711) er forseglet, men findes ikke længere.']],
  }),
} as const;
