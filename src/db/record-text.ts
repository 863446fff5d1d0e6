const quote = 0x22;

/**
 * The fields of a row as PostgreSQL writes it in one text, `(Åse,"Region Øst",,t)`: null where nothing stands between the
 * commas (PostgreSQL, "Composite Type Input and Output Syntax").
 */
export function fieldsOfRecord(record: string): (string | null)[] {
  const fields: (string | null)[] = [];
  const end = record.length - 1;
  let at = 1;
  do {
    const isQuoted = record.charCodeAt(at) === quote;
    const stop = isQuoted ? closingQuote(record, at) + 1 : commaAfter(record, at, end);
    if (isQuoted) fields.push(unquoted(record.slice(at + 1, stop - 1)));
    else fields.push(stop === at ? null : record.slice(at, stop));
    at = stop + 1;
  } while (at <= end);
  return fields;
}

function commaAfter(record: string, at: number, end: number): number {
  const comma = record.indexOf(',', at);
  return comma === -1 ? end : comma;
}

function closingQuote(record: string, opening: number): number {
  let at = record.indexOf('"', opening + 1);
  // Two of them are one that belongs to the text.
  while (record.charCodeAt(at + 1) === quote) at = record.indexOf('"', at + 2);
  return at;
}

function unquoted(text: string): string {
  const plain = text.includes('"') ? text.replaceAll('""', '"') : text;
  return plain.includes('\\') ? plain.replaceAll('\\\\', '\\') : plain;
}
