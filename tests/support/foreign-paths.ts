/** What browsers and URL parsers have been led astray by. */
export const foreignPaths = [
  'https://evil.example/',
  '//evil.example/',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  'javascript:alert(1)',
  'evil.example',
  ' //evil.example',
  '/..//evil.example',
  '/.//evil.example',
  '/%09/evil.example\r\nSet-Cookie: a=b',
  'data:text/html,x',
  '',
];
