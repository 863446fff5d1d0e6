import { z } from 'zod';
import { ids, oneOf, optionalLine, requiredLine } from '../http/forms.ts';

/** Flyt til: where, which, and why. */
const fields = {
  sor: requiredLine('SOR-koden for den nye enhed', 18),
  valg: oneOf(['alle', 'valgte'], 'Vælg, hvilke tildelinger der skal flyttes'),
  tildeling: ids('Vælg tildelinger på listen', 500),
  begrundelse: requiredLine('en begrundelse', 500),
  sagsnummer: optionalLine('sagsnummer', 100),
};

const isComplete = (input: { valg: string; tildeling: number[] }): boolean =>
  input.valg === 'alle' || input.tildeling.length > 0;
const nothingTicked = { path: ['tildeling'], message: 'Sæt flueben ved mindst én tildeling, eller vælg alle' };

export const moveForm = z.object(fields).refine(isComplete, nothingTicked);
export type MoveInput = z.output<typeof moveForm>;

/** The same from the preview, with the mark of what it showed. */
export const confirmMoveForm = z
  .object({ ...fields, maerke: requiredLine('sidens mærke', 16) })
  .refine(isComplete, nothingTicked);
