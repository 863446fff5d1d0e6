import { companiesFile } from './companies-file.ts';
import type { CvrRegister } from './company.ts';
import type { DistributionSettings } from './distribution.ts';
import { cvrDistribution } from './distribution.ts';

export type CvrSettings = { source: 'file'; file: string } | ({ source: 'distribution' } & DistributionSettings);

/** The company register that the configuration names. */
export function openCvrRegister(settings: CvrSettings): CvrRegister {
  return settings.source === 'file' ? companiesFile(settings.file) : cvrDistribution(settings);
}
