// In this order, since most browsers also name those that they descend from.
const browsers: [sign: RegExp, name: string][] = [
  [/\bEdg(?:e|A|iOS)?\//, 'Microsoft Edge'],
  [/\bOPR\/|\bOpera\b/, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/(?:Chrome|CriOS)\//, 'Chrome'],
  [/\bVersion\/[\d.]+ .*\bSafari\//, 'Safari'],
];

const systems: [sign: RegExp, name: string][] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bMacintosh\b/, 'Mac'],
  [/\bLinux\b/, 'Linux'],
];

/** “Chrome på Windows”: a browser in words by which its person knows it again. Nothing of what it sent is repeated. */
export function browserName(userAgent: string | undefined): string {
  const sent = (userAgent ?? '').slice(0, 500);
  const browser = firstOf(browsers, sent) ?? 'Ukendt browser';
  const system = firstOf(systems, sent);
  return system === null ? browser : `${browser} på ${system}`;
}

function firstOf(signs: typeof browsers, sent: string): string | null {
  return signs.find(([sign]) => sign.test(sent))?.[1] ?? null;
}
