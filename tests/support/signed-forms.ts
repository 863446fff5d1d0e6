import { only } from './sector.ts';
import type { App } from './app.ts';
import type { Browser, Fields, Reply } from './browser.ts';
import { formOf } from './browser.ts';
import { multipart } from './import-files.ts';

/** A small PDF that is one; another text makes another file. */
export function pdfOf(text: string): Buffer {
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>',
  ];
  let body = `%PDF-1.4\n%${Buffer.from(text).toString('hex')}\n`;
  const offsets = objects.map((object, place) => {
    const at = body.length;
    body += `${place + 1} 0 obj${object}endobj\n`;
    return at;
  });
  const table = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  const xref = body.length;
  body += `xref\n0 4\n0000000000 65535 f \n${table}trailer<</Size 4/Root 1 0 R>>\nstartxref\n${xref}\n%%EOF\n`;
  return Buffer.from(body, 'latin1');
}

export const signedFile = (text: string) => ({ name: 'Autorisationsblanket – underskrevet.pdf', content: pdfOf(text) });

/** What stands on a signed form; `service` is one that is open. */
export async function signedFields(
  { rows }: Pick<App, 'rows'>,
  more: Record<string, string> = {},
): Promise<Record<string, string>> {
  const service = only(
    await rows<{ id: number }>('select id from service where retired_at is null order by id limit 1'),
  );
  return {
    underskriver: 'Hanne Åkjær',
    underskrivertitel: 'direktør',
    underskrevet: '20-11-2026',
    gaelderfra: '20-11-2026',
    gaeldertil: '',
    politik: 'ISO27001',
    service: String(service.id),
    adm1fornavn: 'Bodil',
    adm1efternavn: 'Ærø',
    adm1mail: 'bodil@laegerne-aakjaer.example',
    adm1rid: '0042',
    kontakt1navn: 'Karl Ø. Nielsen',
    kontakt1mail: 'karl@laegerne-aakjaer.example',
    ...more,
  };
}

/** Opens a form, fills it in and sends it with a file. */
export async function sendWithFile(
  browser: Browser,
  path: string,
  fields: Fields,
  file: { name: string; content: string | Buffer } | null,
): Promise<Reply> {
  const opened = await browser.get('sebadmin', path);
  const form = formOf(opened.text, path);
  const { body, headers } = multipart({ ...form.fields, ...fields } as Record<string, string>, file);
  return browser.send('sebadmin', form.action, { method: 'POST', body, headers });
}
