import { plainText } from './cells.ts';

const special = /[&<>"]/;

/** Text for an element or an attribute in double quotes; what XML cannot hold is replaced (`plainText`). */
export function xmlText(text: string): string {
  const plain = plainText(text);
  if (!special.test(plain)) return plain;
  return plain.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
