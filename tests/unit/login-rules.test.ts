import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format } from 'prettier';
import { expect, it } from 'vitest';
import { hostileLogins, serviceProviderOptions } from '../support/saml.ts';

const document = path.resolve(import.meta.dirname, '../../docs/login-rules.md');

/** `SEB_WRITE_DOCS=1` writes the table anew after cases were added; then look at what changed. */
it('what is tried against a login stands in docs/login-rules.md, each with what it is refused as', async () => {
  const cases = hostileLogins(serviceProviderOptions());
  const [before = '', after = ''] = readFileSync(document, 'utf8').split(/<!-- cases -->[^]*<!-- \/cases -->/);
  const rows = cases.map(
    ({ rule, name, reason }, index) => `| ${cases[index - 1]?.rule === rule ? '' : rule} | ${name} | \`${reason}\` |`,
  );
  const table = ['| Rule | Case | Refused as |', '| --- | --- | --- |', ...rows].join('\n');
  const text = `${before}<!-- cases -->\n\n${cases.length} cases.\n\n${table}\n\n<!-- /cases -->${after}`;
  const wanted = await format(text, { parser: 'markdown', printWidth: 120, proseWrap: 'preserve' });
  if (process.env.SEB_WRITE_DOCS) writeFileSync(document, wanted);
  expect(readFileSync(document, 'utf8')).toBe(wanted);
  expect(cases.length).toBeGreaterThanOrEqual(150);
});
