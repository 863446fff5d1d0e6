import { z } from 'zod';
import { changedFields, eventType, fieldList, text } from './event-type.ts';

/** What the system owner sets. */
export const systemSettingEvents = {
  'setting.saved': eventType(
    z.object({ title: text, version: z.number(), changes: changedFields, texts: z.array(text) }),
    (d, t) => `${t.actor} gemte “${d.title}” (version ${d.version})${whatChanged(d)}.`,
  ),
} as const;

function whatChanged({ changes, texts }: { changes: z.infer<typeof changedFields>; texts: string[] }): string {
  const parts = [
    ...(Object.keys(changes).length === 0 ? [] : [fieldList(changes, {})]),
    ...(texts.length === 0 ? [] : ['teksten er ændret']),
  ];
  return parts.length === 0 ? '' : `: ${parts.join('; ')}`;
}
