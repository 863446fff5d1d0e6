/** A path of this portal to go back to, or the front page: nothing that a browser could take for another origin. */
export function ownPath(text: string): string {
  const base = 'https://own.invalid';
  if (!/^\/(?![/\\])[^\\\p{Cc}]{0,2000}$/u.test(text) || !URL.canParse(text, base)) return '/';
  const url = new URL(text, base);
  return url.origin === base && !url.pathname.startsWith('//') ? `${url.pathname}${url.search}` : '/';
}
