import type { TextField } from '../mail/mail-template.ts';

export const fieldLabels: Record<TextField, string> = {
  subject: 'Emne',
  opening: 'Tekst',
  link: 'Linkets tekst',
  closing: 'Afsluttende tekst',
};
