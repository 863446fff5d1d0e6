import { z } from 'zod';

export const mostUnits = 50;

/** One or several SOR codes, chosen or typed with spaces or commas between; each once, in the order of choosing. */
export function codesIn(value: string | readonly string[] | undefined): string[] {
  const texts = value === undefined ? [] : typeof value === 'string' ? [value] : value;
  const codes = texts.flatMap((text) => text.normalize('NFC').split(/[\s,;]+/));
  return [...new Set(codes.filter((code) => code !== ''))];
}

/** The field of a form that takes several SOR codes; whether each is one is judged with the unit's name at hand. */
export const sorCodes: z.ZodType<string[], unknown> = z.preprocess(
  (value) => codesIn(typeof value === 'string' || isTexts(value) ? value : undefined),
  z
    .array(z.string().regex(/^[\p{L}\p{N}-]{1,40}$/u, 'SOR-koden er ikke rigtig. Se efter, om den kun består af cifre'))
    .max(mostUnits, `Vælg højst ${mostUnits} SOR-enheder ad gangen`),
);

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
