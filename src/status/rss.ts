import { concernText, effects, kindNames, periodText } from './status-message.ts';
import type { FeedItem } from './status.queries.ts';

/** The latest texts as RSS 2.0; `origin` is the portal's own address. */
export function rssFeed(items: readonly FeedItem[], origin: string, now: Date): string {
  const latest = items[0]?.writtenAt ?? now;
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
<title>Driftsstatus for SEB</title>
<link>${xml(`${origin}/drift`)}</link>
<description>Driftsmeddelelser og servicevinduer for Sundhedsvæsenets Elektroniske Brugerstyring og de services, der bruger den.</description>
<language>da</language>
<lastBuildDate>${latest.toUTCString()}</lastBuildDate>
<ttl>5</ttl>
<atom:link href="${xml(`${origin}/drift/rss.xml`)}" rel="self" type="application/rss+xml"/>
${items.map((item) => rssItem(item, origin)).join('\n')}
</channel>
</rss>
`;
}

function rssItem(item: FeedItem, origin: string): string {
  const link = xml(`${origin}/drift/${item.messageId}`);
  const terms = `${kindNames[item.kind]}. ${concernText(item)}, ${periodText(item)}. ${effects[item.severity]}.`;
  return `<item>
<title>${xml(item.title)}</title>
<link>${link}</link>
<guid isPermaLink="false">${xml(`${origin}/drift/${item.messageId}#${item.updateId}`)}</guid>
<pubDate>${item.writtenAt.toUTCString()}</pubDate>
<description>${xml(`${terms}\n\n${item.body}`)}</description>
</item>`;
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** Escaped, and without the characters that XML has no way to write. */
function xml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"']/g, (found) => entities[found] ?? found);
}
