import { BadRequest } from '../shared/errors.ts';

/** The file or text as a whole cannot be read; the page is shown again with the sentence. */
export class UnreadableFile extends BadRequest {
  constructor(message: string, status: 413 | 415 | 422 = 422) {
    super(message, status);
  }
}

/** More than any organisation has, and what can be judged within a minute. */
export const mostRows = 25_000;

export function tooManyRows(): UnreadableFile {
  return new UnreadableFile(
    `Der er flere end ${mostRows.toLocaleString('da-DK')} rækker. Del dem i flere filer, og indsæt dem hver for sig.`,
    413,
  );
}
