import { z } from 'zod';
import { danishDay } from '../../shared/dates.ts';
import { day, eventType, text } from './event-type.ts';

const period = z.object({ packageId: z.int(), from: day, to: day });
const periodText = ({ from, to }: { from: string; to: string }): string => `${danishDay(from)} til ${danishDay(to)}`;

/** An organisation's documents for an auditor, in one file. */
export const auditPackageEvents = {
  'auditPackage.ordered': eventType(
    period,
    (d, t) => `${t.actor} bestilte en revisionspakke for ${periodText(d)} (nr. ${d.packageId}).`,
  ),
  'auditPackage.made': eventType(
    period.extend({ sha256: text, bytes: z.int() }),
    (d, t) => `${t.actor} lavede revisionspakke nr. ${d.packageId} for ${periodText(d)} (SHA-256 ${d.sha256}).`,
  ),
  'auditPackage.failed': eventType(
    period.extend({ reason: text }),
    (d, t) =>
      `${t.actor} kunne ikke lave revisionspakke nr. ${d.packageId} for ${periodText(d)}: ${d.reason.replace(/[.\s]+$/, '')}.`,
  ),
  'auditPackage.downloaded': eventType(
    period,
    (d, t) => `${t.actor} hentede revisionspakke nr. ${d.packageId} for ${periodText(d)}.`,
  ),
} as const;
