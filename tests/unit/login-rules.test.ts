import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format } from 'prettier';
import { describe, expect, it } from 'vitest';
import { hostileCases } from '../support/hostile-logins.ts';
import { logIn } from '../support/saml.ts';

const rules = [...new Set(hostileCases.map(({ rule }) => rule))];
const casesOf = (rule: string) => hostileCases.filter((one) => one.rule === rule);

describe.each(rules)('%s', (rule) => {
  for (const { name, reason, forgery } of casesOf(rule))
    it(`${name}: ${reason}`, async () => {
      expect(await logIn(forgery)).toMatchObject({ outcome: 'refused', reason });
    });
});

const document = path.resolve(import.meta.dirname, '../../docs/login-rules.md');

/** `SEB_WRITE_DOCS=1` writes the table anew after cases were added; then look at what changed. */
it('are listed in docs/login-rules.md, each with what it is refused as', async () => {
  const [before = '', after = ''] = readFileSync(document, 'utf8').split(/<!-- cases -->[^]*<!-- \/cases -->/);
  const rows = rules.flatMap((rule) =>
    casesOf(rule).map(({ name, reason }, index) => `| ${index === 0 ? rule : ''} | ${name} | \`${reason}\` |`),
  );
  const table = ['| Rule | Case | Refused as |', '| --- | --- | --- |', ...rows].join('\n');
  const text = `${before}<!-- cases -->\n\n${hostileCases.length} cases.\n\n${table}\n\n<!-- /cases -->${after}`;
  const wanted = await format(text, { parser: 'markdown', printWidth: 120, proseWrap: 'preserve' });
  if (process.env.SEB_WRITE_DOCS) writeFileSync(document, wanted);
  expect(readFileSync(document, 'utf8')).toBe(wanted);
  expect(hostileCases.length).toBeGreaterThanOrEqual(150);
});
