import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { isCvr } from '../shared/danish-numbers.ts';
import type { Company, CvrRegister } from './company.ts';

const companies = z.array(
  z.object({
    cvr: z.string().refine((cvr) => isCvr(cvr, 'relaxed'), 'is not eight digits'),
    name: z.string().min(1).max(200),
    status: z.string().min(1).max(100).default('Aktiv'),
    isCeased: z.boolean().default(false),
    ceasedOn: z.iso.date().nullable().default(null),
    address: z.string().max(200).nullable().default(null),
  }),
);

/** Companies out of a JSON file, for development, tests and test environments. @throws when the file cannot be used */
export function companiesFile(file: string): CvrRegister {
  const read = companies.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!read.success) throw new Error(`${file} is not a list of companies: ${z.prettifyError(read.error)}`);
  const byCvr = new Map<string, Company>(read.data.map((company) => [company.cvr, company]));
  return {
    async find(cvr) {
      const company = byCvr.get(cvr);
      return company === undefined ? { kind: 'unknown' } : { kind: 'found', company };
    },
  };
}
