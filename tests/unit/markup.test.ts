import { describe, expect, it } from 'vitest';
import { readMarkup } from '../../src/shared/markup.ts';

const spansOf = (line: string) => {
  const [block] = readMarkup(line);
  return block?.kind === 'paragraph' ? block.lines[0] : undefined;
};

describe('the small markup of texts', () => {
  it('reads paragraphs, headings and lists', () => {
    expect(readMarkup('Første\r\nlinje\r\n\r\n## Overskrift på Ærø\n- et\n- to\nog mere')).toEqual([
      { kind: 'paragraph', lines: [[{ text: 'Første', href: null }], [{ text: 'linje', href: null }]] },
      { kind: 'heading', text: 'Overskrift på Ærø', id: 'afsnit-overskrift-paa-aeroe' },
      { kind: 'list', items: [[{ text: 'et', href: null }], [{ text: 'to', href: null }]] },
      { kind: 'paragraph', lines: [[{ text: 'og mere', href: null }]] },
    ]);
  });

  it('makes links of addresses and of named ones', () => {
    expect(spansOf('Se [vores side](https://sds.dk/a?b=1#c) eller https://dnhf.dk/#/status.')).toEqual([
      { text: 'Se ', href: null },
      { text: 'vores side', href: 'https://sds.dk/a?b=1#c' },
      { text: ' eller ', href: null },
      { text: 'https://dnhf.dk/#/status', href: 'https://dnhf.dk/#/status' },
      { text: '.', href: null },
    ]);
    expect(spansOf('[drift](/drift) [mail](mailto:a@b.dk) [ring](tel:+4533323900)')?.map(({ href }) => href)).toEqual([
      '/drift',
      null,
      'mailto:a@b.dk',
      null,
      'tel:+4533323900',
    ]);
  });

  it.each([
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert)',
    '[x](data:text/html,y)',
    '[x](//evil.example)',
    '[x](/\\evil.example)',
    '[x](vbscript:x)',
    '[x](ikke en adresse)',
  ])('leaves %s as it was written', (line) => {
    expect(spansOf(line)).toEqual([{ text: line, href: null }]);
  });

  it('keeps markup of pages as text, for the page to escape', () => {
    expect(spansOf('<script>alert(1)</script>')).toEqual([{ text: '<script>alert(1)</script>', href: null }]);
  });

  it('takes no longer for a hostile text than for another', () => {
    const begun = performance.now();
    for (const text of ['['.repeat(20_000), '[a]('.repeat(5000), '\n \n'.repeat(6000), `https://${'a.'.repeat(9000)}`])
      readMarkup(text);
    expect(performance.now() - begun).toBeLessThan(1000);
  });
});
